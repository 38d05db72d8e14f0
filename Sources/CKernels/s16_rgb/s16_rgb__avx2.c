// 8 pixels at a time.
#include "../simd/avx2.h"

#if SD_ARCH_X86_64
#include <string.h>

SD_TARGET_BEGIN

typedef __m256i sd_q;
enum { SD_PIXELS = 8 };

SD_INLINE sd_q sd_q_set1(int32_t x) { return _mm256_set1_epi32(x); }
SD_INLINE sd_q sd_q_add(sd_q a, sd_q b) { return _mm256_add_epi32(a, b); }
SD_INLINE sd_q sd_q_mul(sd_q a, sd_q b) { return _mm256_mullo_epi32(a, b); }
// The product of 16 bits takes one step, that of 32 two; a weight's upper half is zero.
SD_INLINE sd_q sd_q_add_line(sd_q sum, const int16_t *line, int16_t weight) {
  const __m256i wide = _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)line));
  return _mm256_add_epi32(sum, _mm256_madd_epi16(wide, _mm256_set1_epi32(weight)));
}
SD_INLINE sd_q sd_q_cut_10(sd_q v) { return _mm256_srai_epi32(v, 10); }
SD_INLINE sd_q sd_q_cut_22(sd_q v) { return _mm256_srli_epi32(v, 22); }
SD_INLINE sd_q sd_q_clamped(sd_q v) {
  return _mm256_min_epi32(_mm256_max_epi32(v, _mm256_setzero_si256()), _mm256_set1_epi32(255));
}
SD_INLINE void sd_q_store_rgb(uint8_t *rgb, sd_q red, sd_q green, sd_q blue) {
  const __m256i shuffle = _mm256_setr_epi8(
      0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1,
      0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
  const __m256i join = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7);
  __m256i v = _mm256_or_si256(red, _mm256_slli_epi32(green, 8));
  v = _mm256_or_si256(v, _mm256_slli_epi32(blue, 16));
  v = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(v, shuffle), join);
  _mm_storeu_si128((__m128i *)rgb, _mm256_castsi256_si128(v));
  _mm_storel_epi64((__m128i *)(rgb + 16), _mm256_extracti128_si256(v, 1));
}

#include "s16_rgb_body.h"

SD_TARGET_END
#endif
