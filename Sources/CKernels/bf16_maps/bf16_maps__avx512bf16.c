#include "../simd/avx512bf16.h"

#if SD_ARCH_X86_64
#include "../simd/channel_scale_body.h"
#include "../simd/global_average_body.h"
#endif
