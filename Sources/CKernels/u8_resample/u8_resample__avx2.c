// 4 outputs at a time, 8 or 16 taps of each in a step.
#include "../simd/avx2.h"
#include "u8_resample_packed.h"

#if SD_ARCH_X86_64
SD_TARGET_BEGIN

enum { SD_SCALAR_FORM, SD_EIGHT_TAPS, SD_MANY_TAPS };

void sd_u8_resample_pack__avx2(const sd_resampling *r, void *packed) {
  const size_t taps = r->taps <= 8 ? 8 : sd_rounded_up(r->taps, 16);
  if (taps > r->inputs) {
    sd_u8_resample_pack__scalar(r, packed);
    return;
  }
  sd_resampled_pack(r, 4, taps, taps == 8 ? SD_EIGHT_TAPS : SD_MANY_TAPS, packed);
}

// The samples in 8 pairs of bytes: in each, the byte at `offset`.
SD_INLINE __m128i sd_every_other(__m128i pairs, size_t offset) {
  return offset ? _mm_srli_epi16(pairs, 8) : _mm_and_si128(pairs, _mm_set1_epi16(0xFF));
}

SD_INLINE __m128i sd_eight(const uint8_t *x, size_t step, size_t offset) {
  if (step == 1) return _mm_cvtepu8_epi16(_mm_loadl_epi64((const __m128i *)x));
  return sd_every_other(_mm_loadu_si128((const __m128i *)x), offset);
}

SD_INLINE __m256i sd_sixteen(const uint8_t *x, size_t step, size_t offset) {
  if (step == 1) return _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)x));
  const __m256i pairs = _mm256_loadu_si256((const __m256i *)x);
  return offset ? _mm256_srli_epi16(pairs, 8) : _mm256_and_si256(pairs, _mm256_set1_epi16(0xFF));
}

SD_INLINE void sd_store_four(int16_t *y, __m128i sums) {
  sums = _mm_srai_epi32(sums, 7);
  _mm_storel_epi64((__m128i *)y, _mm_packs_epi32(sums, sums));
}

SD_INLINE void sd_eight_taps(
    const void *packed, size_t step, size_t offset, const uint8_t *x, int16_t *y) {
  const size_t outputs = ((const sd_resampled_header *)packed)->outputs;
  const int32_t *first = sd_resampled_first(packed);
  const int16_t *weights = sd_resampled_weights(packed);
  for (size_t i = 0; i < outputs; i += 4, weights += 4 * 8) {
    __m128i sums[4];
    SD_UNROLL
    for (size_t o = 0; o < 4; o++) {
      const __m128i samples = sd_eight(x + (size_t)first[i + o] * step, step, offset);
      sums[o] = _mm_madd_epi16(samples, _mm_loadu_si128((const __m128i *)(weights + 8 * o)));
    }
    sd_store_four(y + i, _mm_hadd_epi32(_mm_hadd_epi32(sums[0], sums[1]),
                                        _mm_hadd_epi32(sums[2], sums[3])));
  }
}

SD_INLINE void sd_many_taps(
    const void *packed, size_t step, size_t offset, const uint8_t *x, int16_t *y) {
  const sd_resampled_header *header = packed;
  const size_t taps = header->taps;
  const int32_t *first = sd_resampled_first(packed);
  const int16_t *weights = sd_resampled_weights(packed);
  for (size_t i = 0; i < header->outputs; i += 4, weights += 4 * taps) {
    __m256i sums[4];
    SD_UNROLL
    for (size_t o = 0; o < 4; o++) {
      const uint8_t *from = x + (size_t)first[i + o] * step;
      const int16_t *w = weights + o * taps;
      sums[o] = _mm256_setzero_si256();
      for (size_t t = 0; t < taps; t += 16) {
        const __m256i samples = sd_sixteen(from + t * step, step, offset);
        const __m256i product =
            _mm256_madd_epi16(samples, _mm256_loadu_si256((const __m256i *)(w + t)));
        sums[o] = _mm256_add_epi32(sums[o], product);
      }
    }
    const __m256i halves = _mm256_hadd_epi32(_mm256_hadd_epi32(sums[0], sums[1]),
                                             _mm256_hadd_epi32(sums[2], sums[3]));
    sd_store_four(y + i, _mm_add_epi32(_mm256_castsi256_si128(halves),
                                       _mm256_extracti128_si256(halves, 1)));
  }
}

void sd_u8_resample__avx2(const void *packed, const uint8_t *x, int16_t *y) {
  const sd_resampled_header *header = packed;
  const bool is_dense = header->step == 1, is_second = header->offset == 1;
  switch (header->form) {
    case SD_EIGHT_TAPS:
      if (is_dense) sd_eight_taps(packed, 1, 0, x, y);
      else if (is_second) sd_eight_taps(packed, 2, 1, x, y);
      else sd_eight_taps(packed, 2, 0, x, y);
      return;
    case SD_MANY_TAPS:
      if (is_dense) sd_many_taps(packed, 1, 0, x, y);
      else if (is_second) sd_many_taps(packed, 2, 1, x, y);
      else sd_many_taps(packed, 2, 0, x, y);
      return;
    default: sd_u8_resample__scalar(packed, x, y);
  }
}

SD_TARGET_END
#endif
