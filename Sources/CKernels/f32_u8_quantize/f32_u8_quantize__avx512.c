#include "../simd/avx512.h"

#if SD_ARCH_X86_64
SD_TARGET_BEGIN

// Negative numbers and a NaN become 0: the rounded number is signed, and saturates below.
SD_INLINE __m128i sd_quantized(sd_v x, sd_v inverse_step, sd_v zero) {
  const sd_v below = sd_v_min(sd_v_set1(255.0f), sd_v_fma(x, inverse_step, zero));
  const __m512i rounded = _mm512_max_epi32(_mm512_cvtps_epi32(below), _mm512_setzero_si512());
  return _mm512_cvtepi32_epi8(rounded);
}

void sd_f32_u8_quantize__avx512(
    size_t n, const float *x, float inverse_step, float zero, uint8_t *y) {
  const sd_v step = sd_v_set1(inverse_step), offset = sd_v_set1(zero);
  size_t i = 0;
  for (; i + SD_LANES <= n; i += SD_LANES) {
    _mm_storeu_si128((__m128i *)(y + i), sd_quantized(sd_v_load(x + i), step, offset));
  }
  if (i == n) return;
  const sd_v last = sd_v_load_first(x + i, n - i);
  _mm_mask_storeu_epi8(y + i, sd_v_first(n - i), sd_quantized(last, step, offset));
}

SD_TARGET_END
#endif
