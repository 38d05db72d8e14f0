#include "../simd/avx512.h"

#if SD_ARCH_X86_64
SD_TARGET_BEGIN

SD_INLINE sd_v sd_dequantized(__m128i bytes, sd_v step, sd_v zero) {
  const sd_v x = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes));
  return sd_v_mul(_mm512_sub_ps(x, zero), step);
}

void sd_u8_f32_dequantize__avx512(size_t n, const uint8_t *x, float step, float zero, float *y) {
  const sd_v factor = sd_v_set1(step), offset = sd_v_set1(zero);
  size_t i = 0;
  for (; i + SD_LANES <= n; i += SD_LANES) {
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(x + i));
    sd_v_store(y + i, sd_dequantized(bytes, factor, offset));
  }
  if (i == n) return;
  const __m128i bytes = _mm_maskz_loadu_epi8(sd_v_first(n - i), x + i);
  sd_v_store_first(y + i, n - i, sd_dequantized(bytes, factor, offset));
}

SD_TARGET_END
#endif
