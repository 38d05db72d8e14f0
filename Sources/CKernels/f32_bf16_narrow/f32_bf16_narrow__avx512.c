// The scalar version's operations: the instruction for this would take the smallest numbers for
// zeros.
#include "../simd/avx512.h"

#if SD_ARCH_X86_64
SD_TARGET_BEGIN

SD_INLINE __m256i sd_v_narrowed(sd_v x) {
  const __m512i bits = _mm512_castps_si512(x), upper = _mm512_srli_epi32(bits, 16);
  const __m512i odd = _mm512_and_si512(upper, _mm512_set1_epi32(1));
  const __m512i half = _mm512_add_epi32(_mm512_set1_epi32(0x7FFF), odd);
  const __m512i rounded = _mm512_srli_epi32(_mm512_add_epi32(bits, half), 16);
  const __m512i quiet = _mm512_or_si512(upper, _mm512_set1_epi32(0x40));
  const __mmask16 is_nan = _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q);
  return _mm512_cvtepi32_epi16(_mm512_mask_mov_epi32(rounded, is_nan, quiet));
}

void sd_f32_bf16_narrow__avx512(size_t n, const float *x, sd_bf16 *y) {
  size_t i = 0;
  for (; i + SD_LANES <= n; i += SD_LANES) {
    _mm256_storeu_si256((__m256i *)(y + i), sd_v_narrowed(sd_v_load(x + i)));
  }
  if (i == n) return;
  const __m256i last = sd_v_narrowed(sd_v_load_first(x + i, n - i));
  _mm256_mask_storeu_epi16(y + i, sd_v_first(n - i), last);
}

SD_TARGET_END
#endif
