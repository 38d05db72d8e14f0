// The vocabulary of bytes for AVX-512 with VNNI, which extends that of floats: 16 sums of 32 bits.
#pragma once

#include "avx512.h"

#if SD_ARCH_X86_64
#undef SD_NAME
#define SD_NAME(name) sd_##name##__avx512vnni
#undef SD_TARGET_BEGIN
#if defined(__clang__)
#define SD_TARGET_BEGIN                                                          \
  SD_PRAGMA(clang attribute push(                                                \
      __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"))),  \
      apply_to = function))
#else
#define SD_TARGET_BEGIN       \
  SD_PRAGMA(GCC push_options) \
  SD_PRAGMA(GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"))
#endif

SD_TARGET_BEGIN

// Subtracted from every byte before it is multiplied; the initial values of the sums make up for
// it.
#define SD_BYTE_BIAS 0

typedef __m512i sd_i;        // sums
typedef __m512i sd_quads;    // 4 unsigned bytes for each sum
typedef __m512i sd_weights;  // 4 signed bytes for each sum

SD_INLINE sd_i sd_i_load(const int32_t *p) { return _mm512_loadu_si512(p); }
SD_INLINE sd_i sd_i_zero(void) { return _mm512_setzero_si512(); }
SD_INLINE sd_i sd_i_add(sd_i a, sd_i b) { return _mm512_add_epi32(a, b); }
// The same 4 bytes in every lane.
SD_INLINE sd_quads sd_quads_set1(const uint8_t *p) {
  int quad;
  __builtin_memcpy(&quad, p, sizeof quad);
  return _mm512_set1_epi32(quad);
}
SD_INLINE sd_weights sd_weights_load(const int8_t *p) { return _mm512_loadu_si512(p); }
// sum += x[0] * w[0] + ... + x[3] * w[3], exact.
SD_INLINE sd_i sd_i_dot(sd_i sum, sd_quads x, sd_weights w) {
  return _mm512_dpbusd_epi32(sum, x, w);
}

// SD_LANES bytes, widened to 32 bits.
SD_INLINE sd_i sd_i_load_bytes(const uint8_t *p) {
  return _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)p));
}

SD_INLINE sd_v sd_v_of_i(sd_i v) { return _mm512_cvtepi32_ps(v); }
// To nearest, ties to even. NaN and values out of range become INT32_MIN.
SD_INLINE sd_i sd_i_rounded(sd_v v) { return _mm512_cvtps_epi32(v); }
// SD_LANES bytes, or the first n, 0 < n < SD_LANES, as floats.
SD_INLINE sd_v sd_v_load_bytes(const uint8_t *p) {
  return sd_v_of_i(sd_i_load_bytes(p));
}
SD_INLINE sd_v sd_v_load_first_bytes(const uint8_t *p, size_t n) {
  return sd_v_of_i(_mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(sd_v_first(n), p)));
}

// MARK: - Vectors of bytes
//
// A vector has SD_BYTES bytes in lanes of 16. Interleaving and packing work lane by lane.

typedef __m512i sd_b;
enum { SD_BYTES = 64, SD_LANE_BYTES = 16 };
#define SD_MAX_PARTS 4  // SD_BYTES / SD_LANE_BYTES
#define SD_HAS_NARROW_TILES 1  // products have tiles of fewer than four vectors of columns

SD_INLINE sd_b sd_b_set1(uint8_t x) { return _mm512_set1_epi8((char)x); }
SD_INLINE sd_b sd_b_load(const uint8_t *p) { return _mm512_loadu_si512(p); }
SD_INLINE void sd_b_store(uint8_t *p, sd_b v) { _mm512_storeu_si512(p, v); }
// `parts` (1, 2 or 4) runs of SD_BYTES / parts bytes, one after the other.
SD_INLINE sd_b sd_b_load_parts(const uint8_t *const p[], const size_t parts) {
  if (parts == 1) return sd_b_load(p[0]);
  if (parts == 2) {
    const __m512i first = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)p[0]));
    return _mm512_inserti64x4(first, _mm256_loadu_si256((const __m256i *)p[1]), 1);
  }
  __m512i v = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)p[0]));
  v = _mm512_inserti32x4(v, _mm_loadu_si128((const __m128i *)p[1]), 1);
  v = _mm512_inserti32x4(v, _mm_loadu_si128((const __m128i *)p[2]), 2);
  return _mm512_inserti32x4(v, _mm_loadu_si128((const __m128i *)p[3]), 3);
}
SD_INLINE void sd_b_store_part(uint8_t *p, sd_b v, const size_t part, const size_t parts) {
  if (parts == 1) {
    sd_b_store(p, v);
  } else if (parts == 2) {
    const __m256i half = part ? _mm512_extracti64x4_epi64(v, 1) : _mm512_castsi512_si256(v);
    _mm256_storeu_si256((__m256i *)p, half);
  } else {
    const __m128i lane = part == 0   ? _mm512_castsi512_si128(v)
                         : part == 1 ? _mm512_extracti32x4_epi32(v, 1)
                         : part == 2 ? _mm512_extracti32x4_epi32(v, 2)
                                     : _mm512_extracti32x4_epi32(v, 3);
    _mm_storeu_si128((__m128i *)p, lane);
  }
}
// Interleaves the bytes (below, the pairs of bytes) of the lower or upper half of each lane.
SD_INLINE sd_b sd_b_zip_low(sd_b a, sd_b b) { return _mm512_unpacklo_epi8(a, b); }
SD_INLINE sd_b sd_b_zip_high(sd_b a, sd_b b) { return _mm512_unpackhi_epi8(a, b); }
SD_INLINE sd_b sd_b_zip_pairs_low(sd_b a, sd_b b) { return _mm512_unpacklo_epi16(a, b); }
SD_INLINE sd_b sd_b_zip_pairs_high(sd_b a, sd_b b) { return _mm512_unpackhi_epi16(a, b); }
SD_INLINE sd_quads sd_quads_load(const uint8_t *p) { return sd_b_load(p); }

// Saturates 32 bits to 16, and those to bytes; in each lane the first operand comes first.
SD_INLINE sd_b sd_b_halves(sd_i a, sd_i b) { return _mm512_packs_epi32(a, b); }
SD_INLINE sd_b sd_b_joined(sd_b first, sd_b second, uint8_t low, uint8_t high) {
  const sd_b bytes = _mm512_max_epu8(_mm512_packus_epi16(first, second), sd_b_set1(low));
  return _mm512_min_epu8(bytes, sd_b_set1(high));
}

// Four vectors of sums as bytes, clamped to low...high, one vector after the other.
SD_INLINE sd_b sd_bytes_of(const sd_i v[4], uint8_t low, uint8_t high) {
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  const sd_b lanes = sd_b_joined(sd_b_halves(v[0], v[1]), sd_b_halves(v[2], v[3]), low, high);
  return _mm512_permutexvar_epi32(order, lanes);
}

// Stores `vectors` (1 to 4) vectors of sums as bytes, clamped to low...high.
SD_INLINE void sd_bytes_store(
    uint8_t *p, const sd_i *v, const size_t vectors, uint8_t low, uint8_t high) {
  if (vectors == 4) {
    sd_b_store(p, sd_bytes_of(v, low, high));
    return;
  }
  SD_UNROLL
  for (size_t j = 0; j < vectors; j++) {
    const __m512i above = _mm512_max_epi32(v[j], _mm512_set1_epi32(low));
    const __m128i bytes = _mm_min_epu8(_mm512_cvtusepi32_epi8(above), _mm_set1_epi8((char)high));
    _mm_storeu_si128((__m128i *)p + j, bytes);
  }
}

SD_TARGET_END
#endif
