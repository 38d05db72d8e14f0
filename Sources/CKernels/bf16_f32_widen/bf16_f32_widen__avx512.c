#include "../simd/avx512.h"

#if SD_ARCH_X86_64
SD_TARGET_BEGIN

SD_INLINE sd_v sd_v_upper(__m256i x) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(x), 16));
}

void sd_bf16_f32_widen__avx512(size_t n, const sd_bf16 *x, float *y) {
  size_t i = 0;
  for (; i + SD_LANES <= n; i += SD_LANES) {
    sd_v_store(y + i, sd_v_upper(_mm256_loadu_si256((const __m256i *)(x + i))));
  }
  if (i == n) return;
  const __mmask16 rest = sd_v_first(n - i);
  sd_v_store_first(y + i, n - i, sd_v_upper(_mm256_maskz_loadu_epi16(rest, x + i)));
}

SD_TARGET_END
#endif
