#include "../simd/neon.h"

#if SD_ARCH_AARCH64
#include "f32_depthwise_body.h"
#endif
