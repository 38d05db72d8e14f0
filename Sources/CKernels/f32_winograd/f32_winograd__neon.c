#include "../simd/neon.h"

#if SD_ARCH_AARCH64
#include "f32_winograd.h"
#include "f32_winograd_body.h"
#endif
