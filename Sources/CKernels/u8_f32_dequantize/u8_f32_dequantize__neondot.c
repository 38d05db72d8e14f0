#include "../simd/neondot.h"

#if SD_ARCH_AARCH64
#include "u8_f32_dequantize_body.h"
#endif
