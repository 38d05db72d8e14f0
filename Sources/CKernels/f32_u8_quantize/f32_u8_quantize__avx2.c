#include "../simd/avx2bytes.h"

#if SD_ARCH_X86_64
#include "f32_u8_quantize_body.h"
#endif
