#include "../simd/neon.h"

#if SD_ARCH_AARCH64
#include "f32_strassen_body.h"
#endif
