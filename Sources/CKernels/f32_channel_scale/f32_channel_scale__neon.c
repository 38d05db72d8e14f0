#include "../simd/neon.h"

#if SD_ARCH_AARCH64
#include "f32_channel_scale_body.h"
#endif
