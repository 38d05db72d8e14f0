// 8 pixels at a time: 24 bytes become 3 vectors.
#include "../simd/avx2.h"

#if SD_ARCH_X86_64
SD_TARGET_BEGIN

enum { SD_PIXELS = 8, SD_FLOATS = 3 * SD_PIXELS };

SD_INLINE sd_v sd_normalized(__m128i bytes, const float *scale, const float *bias) {
  const sd_v v = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes));
  return sd_v_add(sd_v_mul(v, sd_v_load(scale)), sd_v_load(bias));
}

void sd_u8_f32_normalize__avx2(
    size_t pixels, const uint8_t *x, const uint8_t order[3], const float scale[3],
    const float bias[3], float *y) {
  float scales[SD_FLOATS], biases[SD_FLOATS];
  for (size_t i = 0; i < SD_FLOATS; i++) {
    scales[i] = scale[i % 3];
    biases[i] = bias[i % 3];
  }
  // Two overlapping loads, so that none reads beyond the 24 bytes: pixels 0 to 3 start at byte 0 of
  // the first, pixels 4 to 7 at byte 4 of the second.
  uint8_t within[2][16];
  for (size_t i = 0; i < 16; i++) {
    const uint8_t at = (uint8_t)(i / 3 * 3 + order[i % 3]);
    within[0][i] = i < 12 ? at : 0x80;
    within[1][i] = i < 12 ? (uint8_t)(at + 4) : 0x80;
  }
  const __m128i shuffle_low = _mm_loadu_si128((const __m128i *)within[0]);
  const __m128i shuffle_high = _mm_loadu_si128((const __m128i *)within[1]);

  size_t i = 0;
  for (; i + SD_PIXELS <= pixels; i += SD_PIXELS, x += SD_FLOATS, y += SD_FLOATS) {
    __m128i low = _mm_loadu_si128((const __m128i *)x);
    __m128i high = _mm_loadu_si128((const __m128i *)(x + 8));
    low = _mm_shuffle_epi8(low, shuffle_low);
    high = _mm_shuffle_epi8(high, shuffle_high);
    const __m128i middle = _mm_unpacklo_epi32(_mm_srli_si128(low, 8), high);
    sd_v_store(y, sd_normalized(low, scales, biases));
    sd_v_store(y + 8, sd_normalized(middle, scales + 8, biases + 8));
    sd_v_store(y + 16, sd_normalized(_mm_srli_si128(high, 4), scales + 16, biases + 16));
  }
  sd_u8_f32_normalize__scalar(pixels - i, x, order, scale, bias, y);
}

SD_TARGET_END
#endif
