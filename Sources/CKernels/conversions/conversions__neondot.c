#include "../simd/neondot.h"

#if SD_ARCH_AARCH64
#include "f32_u8_quantize_body.h"
#include "u8_f32_dequantize_body.h"
#endif
