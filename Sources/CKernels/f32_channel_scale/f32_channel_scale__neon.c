#include "../simd/neon.h"

#if SD_ARCH_AARCH64
#include "../simd/channel_scale_body.h"
#endif
