// 16 pixels at a time: 48 bytes become 3 vectors.
#include "../simd/avx512.h"

#if SD_ARCH_X86_64
SD_TARGET_BEGIN

enum { SD_PIXELS = 16, SD_FLOATS = 3 * SD_PIXELS };

SD_INLINE sd_v sd_normalized(__m128i bytes, const float *scale, const float *bias) {
  const sd_v v = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes));
  return sd_v_add(sd_v_mul(v, sd_v_load(scale)), sd_v_load(bias));
}

void sd_u8_f32_normalize__avx512(
    size_t pixels, const uint8_t *x, const uint8_t order[3], const float scale[3],
    const float bias[3], float *y) {
  float scales[SD_FLOATS], biases[SD_FLOATS];
  for (size_t i = 0; i < SD_FLOATS; i++) {
    scales[i] = scale[i % 3];
    biases[i] = bias[i % 3];
  }
  // Bytes can only be shuffled within 128-bit lanes. So each lane gets 4 pixels, their bytes are
  // put in order, and the 12 bytes of each lane are joined again.
  uint8_t within[16];
  for (size_t i = 0; i < 16; i++) within[i] = i < 12 ? (uint8_t)(i / 3 * 3 + order[i % 3]) : 0x80;
  const __m512i shuffle = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)within));
  const __m512i spread = _mm512_setr_epi32(0, 1, 2, 0, 3, 4, 5, 0, 6, 7, 8, 0, 9, 10, 11, 0);
  const __m512i join = _mm512_setr_epi32(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0);
  const __mmask64 bytes_of_group = (1ull << SD_FLOATS) - 1;

  size_t i = 0;
  for (; i + SD_PIXELS <= pixels; i += SD_PIXELS, x += SD_FLOATS, y += SD_FLOATS) {
    __m512i v = _mm512_maskz_loadu_epi8(bytes_of_group, x);
    v = _mm512_shuffle_epi8(_mm512_permutexvar_epi32(spread, v), shuffle);
    v = _mm512_permutexvar_epi32(join, v);
    sd_v_store(y, sd_normalized(_mm512_castsi512_si128(v), scales, biases));
    sd_v_store(y + 16, sd_normalized(_mm512_extracti32x4_epi32(v, 1), scales + 16, biases + 16));
    sd_v_store(y + 32, sd_normalized(_mm512_extracti32x4_epi32(v, 2), scales + 32, biases + 32));
  }
  sd_u8_f32_normalize__scalar(pixels - i, x, order, scale, bias, y);
}

SD_TARGET_END
#endif
