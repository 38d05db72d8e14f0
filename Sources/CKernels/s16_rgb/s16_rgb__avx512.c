// 16 pixels at a time.
#include "../simd/avx512.h"

#if SD_ARCH_X86_64
#include <string.h>

SD_TARGET_BEGIN

typedef __m512i sd_q;
enum { SD_PIXELS = 16 };

SD_INLINE sd_q sd_q_set1(int32_t x) { return _mm512_set1_epi32(x); }
SD_INLINE sd_q sd_q_add(sd_q a, sd_q b) { return _mm512_add_epi32(a, b); }
SD_INLINE sd_q sd_q_mul(sd_q a, sd_q b) { return _mm512_mullo_epi32(a, b); }
// The product of 16 bits takes one step, that of 32 several; a weight's upper half is zero.
SD_INLINE sd_q sd_q_add_line(sd_q sum, const int16_t *line, int16_t weight) {
  const __m512i wide = _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)line));
  return _mm512_add_epi32(sum, _mm512_madd_epi16(wide, _mm512_set1_epi32(weight)));
}
SD_INLINE sd_q sd_q_cut_10(sd_q v) { return _mm512_srai_epi32(v, 10); }
SD_INLINE sd_q sd_q_cut_22(sd_q v) { return _mm512_srli_epi32(v, 22); }
SD_INLINE sd_q sd_q_clamped(sd_q v) {
  return _mm512_min_epi32(_mm512_max_epi32(v, _mm512_setzero_si512()), _mm512_set1_epi32(255));
}
SD_INLINE void sd_q_store_rgb(uint8_t *rgb, sd_q red, sd_q green, sd_q blue) {
  const __m512i shuffle = _mm512_broadcast_i32x4(
      _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
  const __m512i join = _mm512_setr_epi32(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0);
  __m512i v = _mm512_or_si512(red, _mm512_slli_epi32(green, 8));
  v = _mm512_or_si512(v, _mm512_slli_epi32(blue, 16));
  v = _mm512_permutexvar_epi32(join, _mm512_shuffle_epi8(v, shuffle));
  _mm512_mask_storeu_epi8(rgb, (1ull << 48) - 1, v);
}

#include "s16_rgb_body.h"

SD_TARGET_END
#endif
