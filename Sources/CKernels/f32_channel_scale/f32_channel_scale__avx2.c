#include "../simd/avx2.h"

#if SD_ARCH_X86_64
#include "../simd/channel_scale_body.h"
#endif
