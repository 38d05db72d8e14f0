// The vocabulary of bfloat16 for AVX-512 with BF16, which extends that of floats: vectors of pairs,
// and the two products of a pair are added to one float.
#pragma once

#include "avx512.h"

#if SD_ARCH_X86_64
#undef SD_NAME
#define SD_NAME(name) sd_##name##__avx512bf16
// For the bodies that serve floats and bfloat16 alike, see numbers.h.
#define SD_NUMBER sd_bf16
#define SD_NUMBER_NAME(operation) SD_NAME(bf16_##operation)
#define SD_NUMBER_WORD(word) word##_bf16
#undef SD_TARGET_BEGIN
#if defined(__clang__)
#define SD_TARGET_BEGIN                                                          \
  SD_PRAGMA(clang attribute push(                                                \
      __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16"))),  \
      apply_to = function))
#else
#define SD_TARGET_BEGIN       \
  SD_PRAGMA(GCC push_options) \
  SD_PRAGMA(GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16"))
#endif

SD_TARGET_BEGIN

typedef __m512i sd_pairs;

SD_INLINE sd_pairs sd_pairs_load(const sd_bf16 *p) { return _mm512_loadu_si512(p); }
// The same pair in every lane.
SD_INLINE sd_pairs sd_pairs_set1(const sd_bf16 *p) {
  int pair;
  __builtin_memcpy(&pair, p, sizeof pair);
  return _mm512_set1_epi32(pair);
}
SD_INLINE void sd_pairs_store(sd_bf16 *p, sd_pairs v) { _mm512_storeu_si512(p, v); }
// a[0], b[0], a[1], b[1], ...
SD_INLINE sd_pairs sd_pairs_zip(const sd_bf16 *a, const sd_bf16 *b) {
  const __m512i order = _mm512_set_epi16(
      47, 15, 46, 14, 45, 13, 44, 12, 43, 11, 42, 10, 41, 9, 40, 8, 39, 7, 38, 6, 37, 5, 36, 4,
      35, 3, 34, 2, 33, 1, 32, 0);
  return _mm512_permutex2var_epi16(
      _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)a)), order,
      _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)b)));
}
// sum += x[0] * w[0] + x[1] * w[1]
SD_INLINE sd_v sd_v_dot(sd_v sum, sd_pairs x, sd_pairs w) {
  return _mm512_dpbf16_ps(sum, (__m512bh)x, (__m512bh)w);
}

SD_INLINE sd_v sd_v_load_bf16(const sd_bf16 *p) {
  return sd_v_widened(_mm256_loadu_si256((const __m256i *)p));
}
SD_INLINE sd_v sd_v_load_first_bf16(const sd_bf16 *p, size_t n) {
  return sd_v_widened(_mm256_maskz_loadu_epi16(sd_v_first(n), p));
}
SD_INLINE void sd_v_store_bf16(sd_bf16 *p, sd_v v) {
  _mm256_storeu_si256((__m256i *)p, (__m256i)_mm512_cvtneps_pbh(v));
}
SD_INLINE void sd_v_store_first_bf16(sd_bf16 *p, size_t n, sd_v v) {
  _mm256_mask_storeu_epi16(p, sd_v_first(n), (__m256i)_mm512_cvtneps_pbh(v));
}
// Two vectors, one after the other.
SD_INLINE void sd_v_store_two_bf16(sd_bf16 *p, sd_v first, sd_v second) {
  _mm512_storeu_si512(p, (__m512i)_mm512_cvtne2ps_pbh(second, first));
}

SD_TARGET_END
#endif
