#include "../simd/avx2bytes.h"

#if SD_ARCH_X86_64
SD_TARGET_BEGIN
SD_INLINE sd_v sd_v_load_halves(const uint16_t *p) {
  return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p));
}
SD_TARGET_END

#include "f16_f32_widen_body.h"
#include "f32_u8_quantize_body.h"
#include "u8_f32_dequantize_body.h"
#endif
