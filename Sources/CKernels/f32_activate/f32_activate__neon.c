#include "../simd/neon.h"

#if SD_ARCH_AARCH64
#include "f32_activate_body.h"
#endif
