// 8 pixels at a time.
#include "../simd/avx2.h"

#if SD_ARCH_X86_64
#include <string.h>

SD_TARGET_BEGIN

typedef __m256i sd_q;
enum { SD_PIXELS = 8 };
#define SD_MM(name) _mm256_##name

SD_INLINE sd_q sd_q_load_line(const int16_t *line) {
  return _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)line));
}
// Stores the lower three bytes of each number.
SD_INLINE void sd_q_store_pixels(uint8_t *rgb, sd_q v) {
  const __m256i shuffle = _mm256_setr_epi8(
      0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1,
      0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
  const __m256i join = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7);
  v = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(v, shuffle), join);
  _mm_storeu_si128((__m128i *)rgb, _mm256_castsi256_si128(v));
  _mm_storel_epi64((__m128i *)(rgb + 16), _mm256_extracti128_si256(v, 1));
}

#include "s16_rgb_x86.h"
#include "s16_rgb_body.h"

SD_TARGET_END
#endif
