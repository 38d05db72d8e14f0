// 16 pixels at a time.
#include "../simd/avx512.h"

#if SD_ARCH_X86_64
#include <string.h>

SD_TARGET_BEGIN

typedef __m512i sd_q;
enum { SD_PIXELS = 16 };
#define SD_MM(name) _mm512_##name

SD_INLINE sd_q sd_q_load_line(const int16_t *line) {
  return _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)line));
}
// Stores the lower three bytes of each number.
SD_INLINE void sd_q_store_pixels(uint8_t *rgb, sd_q v) {
  const __m512i shuffle = _mm512_broadcast_i32x4(
      _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
  const __m512i join = _mm512_setr_epi32(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0);
  v = _mm512_permutexvar_epi32(join, _mm512_shuffle_epi8(v, shuffle));
  _mm512_mask_storeu_epi8(rgb, (1ull << 48) - 1, v);
}

#include "s16_rgb_x86.h"
#include "s16_rgb_body.h"

SD_TARGET_END
#endif
