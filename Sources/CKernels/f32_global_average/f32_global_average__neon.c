#include "../simd/neon.h"

#if SD_ARCH_AARCH64
#include "f32_global_average_body.h"
#endif
