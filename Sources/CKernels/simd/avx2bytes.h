// The vocabulary of bytes for AVX2, which extends that of floats: 8 sums of 32 bits. Define
// SD_AVX_VNNI before including it for AVX-VNNI, which multiplies quads in one instruction.
//
// AVX2's own instruction for bytes (vpmaddubsw) saturates, so even and odd bytes are widened and
// multiplied separately. See avx512vnni.h for what the functions do.
#pragma once

#include "avx2.h"

#if SD_ARCH_X86_64
#if defined(SD_AVX_VNNI)
#undef SD_NAME
#define SD_NAME(name) sd_##name##__avxvnni
#undef SD_TARGET_BEGIN
#if defined(__clang__)
#define SD_TARGET_BEGIN           \
  SD_PRAGMA(clang attribute push( \
      __attribute__((target("avx2,fma,f16c,avxvnni"))), apply_to = function))
#else
#define SD_TARGET_BEGIN       \
  SD_PRAGMA(GCC push_options) \
  SD_PRAGMA(GCC target("avx2,fma,f16c,avxvnni"))
#endif
#endif

SD_TARGET_BEGIN

#define SD_BYTE_BIAS 0

typedef __m256i sd_i;

SD_INLINE sd_i sd_i_load(const int32_t *p) { return _mm256_loadu_si256((const __m256i *)p); }
SD_INLINE sd_i sd_i_zero(void) { return _mm256_setzero_si256(); }
SD_INLINE sd_i sd_i_add(sd_i a, sd_i b) { return _mm256_add_epi32(a, b); }
SD_INLINE __m256i sd_set1_quad(const uint8_t *p) {
  int quad;
  __builtin_memcpy(&quad, p, sizeof quad);
  return _mm256_set1_epi32(quad);
}
SD_INLINE __m256i sd_load_256(const void *p) { return _mm256_loadu_si256((const __m256i *)p); }

#if defined(SD_AVX_VNNI)
typedef __m256i sd_quads;
typedef __m256i sd_weights;

SD_INLINE sd_quads sd_quads_set1(const uint8_t *p) { return sd_set1_quad(p); }
SD_INLINE sd_quads sd_quads_load(const uint8_t *p) { return sd_load_256(p); }
SD_INLINE sd_weights sd_weights_load(const int8_t *p) { return sd_load_256(p); }
SD_INLINE sd_i sd_i_dot(sd_i sum, sd_quads x, sd_weights w) {
  return _mm256_dpbusd_avx_epi32(sum, x, w);
}
#else
// Each byte widened to 16 bits.
typedef struct {
  __m256i even, odd;
} sd_quads;
typedef sd_quads sd_weights;

SD_INLINE sd_quads sd_quads_from(__m256i x) {
  return (sd_quads){
      .even = _mm256_and_si256(x, _mm256_set1_epi16(0xFF)), .odd = _mm256_srli_epi16(x, 8)};
}
SD_INLINE sd_quads sd_quads_set1(const uint8_t *p) { return sd_quads_from(sd_set1_quad(p)); }
SD_INLINE sd_quads sd_quads_load(const uint8_t *p) { return sd_quads_from(sd_load_256(p)); }
SD_INLINE sd_weights sd_weights_load(const int8_t *p) {
  const __m256i w = sd_load_256(p);
  return (sd_weights){
      .even = _mm256_srai_epi16(_mm256_slli_epi16(w, 8), 8), .odd = _mm256_srai_epi16(w, 8)};
}
SD_INLINE sd_i sd_i_dot(sd_i sum, sd_quads x, sd_weights w) {
  const __m256i even = _mm256_madd_epi16(x.even, w.even), odd = _mm256_madd_epi16(x.odd, w.odd);
  return _mm256_add_epi32(sum, _mm256_add_epi32(even, odd));
}
#endif

SD_INLINE sd_i sd_i_load_bytes(const uint8_t *p) {
  return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)p));
}
SD_INLINE sd_v sd_v_of_i(sd_i v) { return _mm256_cvtepi32_ps(v); }
SD_INLINE sd_i sd_i_rounded(sd_v v) { return _mm256_cvtps_epi32(v); }
SD_INLINE sd_v sd_v_load_bytes(const uint8_t *p) { return sd_v_of_i(sd_i_load_bytes(p)); }
SD_INLINE sd_v sd_v_load_first_bytes(const uint8_t *p, size_t n) {
  uint8_t first[SD_LANES] = {0};
  for (size_t i = 0; i < n; i++) first[i] = p[i];
  return sd_v_load_bytes(first);
}

// MARK: - Vectors of bytes

typedef __m256i sd_b;
enum { SD_BYTES = 32, SD_LANE_BYTES = 16 };
#define SD_MAX_PARTS 2

SD_INLINE sd_b sd_b_set1(uint8_t x) { return _mm256_set1_epi8((char)x); }
SD_INLINE sd_b sd_b_load(const uint8_t *p) { return sd_load_256(p); }
SD_INLINE void sd_b_store(uint8_t *p, sd_b v) { _mm256_storeu_si256((__m256i *)p, v); }
SD_INLINE sd_b sd_b_load_parts(const uint8_t *const p[], const size_t parts) {
  if (parts == 1) return sd_b_load(p[0]);
  const __m256i first = _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)p[0]));
  return _mm256_inserti128_si256(first, _mm_loadu_si128((const __m128i *)p[1]), 1);
}
SD_INLINE void sd_b_store_part(uint8_t *p, sd_b v, const size_t part, const size_t parts) {
  if (parts == 1) {
    sd_b_store(p, v);
  } else {
    const __m128i lane = part ? _mm256_extracti128_si256(v, 1) : _mm256_castsi256_si128(v);
    _mm_storeu_si128((__m128i *)p, lane);
  }
}
SD_INLINE sd_b sd_b_zip_low(sd_b a, sd_b b) { return _mm256_unpacklo_epi8(a, b); }
SD_INLINE sd_b sd_b_zip_high(sd_b a, sd_b b) { return _mm256_unpackhi_epi8(a, b); }
SD_INLINE sd_b sd_b_zip_pairs_low(sd_b a, sd_b b) { return _mm256_unpacklo_epi16(a, b); }
SD_INLINE sd_b sd_b_zip_pairs_high(sd_b a, sd_b b) { return _mm256_unpackhi_epi16(a, b); }

SD_INLINE sd_b sd_b_halves(sd_i a, sd_i b) { return _mm256_packs_epi32(a, b); }
SD_INLINE sd_b sd_b_joined(sd_b first, sd_b second, uint8_t low, uint8_t high) {
  const sd_b bytes = _mm256_max_epu8(_mm256_packus_epi16(first, second), sd_b_set1(low));
  return _mm256_min_epu8(bytes, sd_b_set1(high));
}

// `vectors` is 2 or 4.
SD_INLINE void sd_bytes_store(
    uint8_t *p, const sd_i *v, const size_t vectors, uint8_t low, uint8_t high) {
  const __m128i below = _mm_set1_epi8((char)low), above = _mm_set1_epi8((char)high);
  SD_UNROLL
  for (size_t j = 0; j < vectors; j += 2) {
    const __m256i lanes = sd_b_halves(v[j], v[j + 1]);
    const __m256i halves = _mm256_permute4x64_epi64(lanes, 0xD8);
    const __m128i bytes = _mm_packus_epi16(
        _mm256_castsi256_si128(halves), _mm256_extracti128_si256(halves, 1));
    _mm_storeu_si128((__m128i *)(p + j * SD_LANES),
                     _mm_min_epu8(_mm_max_epu8(bytes, below), above));
  }
}

SD_TARGET_END
#endif
