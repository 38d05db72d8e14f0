#include "../simd/neon.h"

#if SD_ARCH_AARCH64
#include "f32_pool_body.h"
#endif
