#include "../simd/neondot.h"

#if SD_ARCH_AARCH64
#include "f32_u8_quantize_body.h"
#endif
