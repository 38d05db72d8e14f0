// 16 outputs at a time: one permutation fetches two taps of each from 64 or 128 bytes of the line,
// so a line costs little more than its products. Lines that shrink so much that 16 outputs need
// more bytes than that use the AVX2 version.
#include "../simd/avx512.h"
#include "u8_resample_packed.h"

#if SD_ARCH_X86_64
#undef SD_TARGET_BEGIN
#if defined(__clang__)
#define SD_TARGET_BEGIN                                                                     \
  SD_PRAGMA(clang attribute push(                                                           \
      __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512vbmi"))),  \
      apply_to = function))
#else
#define SD_TARGET_BEGIN       \
  SD_PRAGMA(GCC push_options) \
  SD_PRAGMA(GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512vbmi"))
#endif

SD_TARGET_BEGIN

// Numbers that AVX2's forms do not use.
enum { SD_NARROW = 16, SD_WIDE = 17 };
enum { SD_GROUP = 16, SD_REGISTER = 64 };

// Follows the weights: for each group, where the first two taps of each output are, counted from
// the first byte of the group. Weights are [group][taps / 2][output][2].
SD_INLINE uint8_t *sd_places(const void *packed) {
  const sd_resampled_header *header = packed;
  return (uint8_t *)(sd_resampled_weights(packed) + header->outputs * header->taps);
}

void sd_u8_resample_pack__avx512vbmi(const sd_resampling *r, void *packed) {
  const size_t taps = sd_rounded_up(r->taps, 2);
  size_t reach = 0;
  for (size_t i = 0; i < r->outputs; i++) {
    const size_t span = (size_t)(r->first[i] - r->first[i / SD_GROUP * SD_GROUP]);
    if (span > reach) reach = span;
  }
  reach = (reach + 1) * r->step + r->offset + 1;
  if (reach > 2 * SD_REGISTER || taps > r->inputs) {
    sd_u8_resample_pack__avx2(r, packed);
    return;
  }
  sd_resampled_header *header = packed;
  *header = (sd_resampled_header){
      .bytes = r->inputs * r->step,
      .outputs = sd_rounded_up(r->outputs, SD_GROUP),
      .taps = taps,
      .step = r->step,
      .offset = r->offset,
      .form = reach <= SD_REGISTER ? SD_NARROW : SD_WIDE,
  };
  int32_t *first = (int32_t *)sd_resampled_first(packed);
  int16_t *weights = (int16_t *)sd_resampled_weights(packed);
  uint8_t *places = sd_places(packed);
  memset(first, 0, header->outputs * sizeof *first);
  memset(weights, 0, header->outputs * taps * sizeof *weights);
  memset(places, 0, header->outputs / SD_GROUP * SD_REGISTER);
  for (size_t i = 0; i < r->outputs; i++) {
    const size_t group = i / SD_GROUP, output = i % SD_GROUP;
    first[i] = r->first[i];
    const size_t place = (size_t)(r->first[i] - r->first[group * SD_GROUP]) * r->step + r->offset;
    uint8_t *of_output = places + group * SD_REGISTER + 4 * output;
    of_output[0] = (uint8_t)place;
    of_output[2] = (uint8_t)(place + r->step);
    for (size_t t = 0; t < r->taps; t++) {
      weights[((group * taps / 2 + t / 2) * SD_GROUP + output) * 2 + t % 2] =
          r->weights[i * r->taps + t];
    }
  }
}

// 64 bytes, of which only the first `left` are read; the others are zero.
SD_INLINE __m512i sd_bytes_left(const uint8_t *x, size_t left) {
  const __mmask64 mask = left >= SD_REGISTER ? ~0ull : (1ull << left) - 1;
  return _mm512_maskz_loadu_epi8(mask, x);
}

SD_INLINE void sd_groups(const void *packed, bool is_wide, const uint8_t *x, int16_t *y) {
  const sd_resampled_header *header = packed;
  const int32_t *first = sd_resampled_first(packed);
  const int16_t *weights = sd_resampled_weights(packed);
  const uint8_t *places = sd_places(packed);
  const size_t pairs = header->taps / 2, stride = 2 * header->step;
  // A sample is the low byte of 16 bits; the high byte is zero.
  const __mmask64 low = 0x5555555555555555ull;
  const size_t registers = is_wide ? 2 * SD_REGISTER : SD_REGISTER;
  for (size_t i = 0; i < header->outputs; i += SD_GROUP, places += SD_REGISTER) {
    const __m512i place = _mm512_loadu_si512(places);
    const size_t begin = (size_t)first[i] * header->step;
    const uint8_t *from = x + begin;
    __m512i sum = _mm512_setzero_si512();
    if (begin + (pairs - 1) * stride + registers <= header->bytes) {
      for (size_t p = 0; p < pairs; p++, from += stride, weights += 2 * SD_GROUP) {
        const __m512i near = _mm512_loadu_si512(from);
        const __m512i samples =
            is_wide ? _mm512_maskz_permutex2var_epi8(low, near, place,
                                                     _mm512_loadu_si512(from + SD_REGISTER))
                    : _mm512_maskz_permutexvar_epi8(low, place, near);
        sum = _mm512_dpwssd_epi32(sum, samples, _mm512_loadu_si512(weights));
      }
    } else {
      // Near the end of the line.
      size_t left = header->bytes - begin;
      for (size_t p = 0; p < pairs; p++, from += stride, weights += 2 * SD_GROUP) {
        const size_t beyond = left > SD_REGISTER ? left - SD_REGISTER : 0;
        const __m512i near = sd_bytes_left(from, left);
        const __m512i samples =
            is_wide ? _mm512_maskz_permutex2var_epi8(low, near, place,
                                                     sd_bytes_left(from + SD_REGISTER, beyond))
                    : _mm512_maskz_permutexvar_epi8(low, place, near);
        sum = _mm512_dpwssd_epi32(sum, samples, _mm512_loadu_si512(weights));
        left = left > stride ? left - stride : 0;
      }
    }
    _mm256_storeu_si256((__m256i *)(y + i), _mm512_cvtepi32_epi16(_mm512_srai_epi32(sum, 7)));
  }
}

void sd_u8_resample__avx512vbmi(const void *packed, const uint8_t *x, int16_t *y) {
  switch (((const sd_resampled_header *)packed)->form) {
    case SD_NARROW: sd_groups(packed, false, x, y); return;
    case SD_WIDE: sd_groups(packed, true, x, y); return;
    default: sd_u8_resample__avx2(packed, x, y);
  }
}

SD_TARGET_END
#endif
