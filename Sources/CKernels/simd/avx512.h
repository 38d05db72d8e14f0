// The vector vocabulary for AVX-512 F, BW, DQ and VL: 16 floats.
//
// Code that instruction sets share (*_body.h, *_tile.h) uses only these names. Each vocabulary
// defines them, so such a header compiles for the one that was included before it.
#pragma once

#include "../sd_kernels_internal.h"

#if SD_ARCH_X86_64
#include <immintrin.h>

#define SD_NAME(name) sd_##name##__avx512
#if defined(__clang__)
#define SD_TARGET_BEGIN                                                          \
  SD_PRAGMA(clang attribute push(                                                \
      __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))),             \
      apply_to = function))
#define SD_TARGET_END SD_PRAGMA(clang attribute pop)
#else
#define SD_TARGET_BEGIN       \
  SD_PRAGMA(GCC push_options) \
  SD_PRAGMA(GCC target("avx512f,avx512bw,avx512dq,avx512vl"))
#define SD_TARGET_END SD_PRAGMA(GCC pop_options)
#endif

SD_TARGET_BEGIN

typedef __m512 sd_v;
enum { SD_LANES = 16 };

SD_INLINE __mmask16 sd_v_first(size_t n) { return (__mmask16)((1u << n) - 1u); }

SD_INLINE sd_v sd_v_set1(float x) { return _mm512_set1_ps(x); }
SD_INLINE sd_v sd_v_load(const float *p) { return _mm512_loadu_ps(p); }
SD_INLINE void sd_v_store(float *p, sd_v v) { _mm512_storeu_ps(p, v); }
// Only the first n lanes, 0 < n < SD_LANES, are read; the others are zero.
SD_INLINE sd_v sd_v_load_first(const float *p, size_t n) {
  return _mm512_maskz_loadu_ps(sd_v_first(n), p);
}
SD_INLINE void sd_v_store_first(float *p, size_t n, sd_v v) {
  _mm512_mask_storeu_ps(p, sd_v_first(n), v);
}
SD_INLINE sd_v sd_v_add(sd_v a, sd_v b) { return _mm512_add_ps(a, b); }
SD_INLINE sd_v sd_v_sub(sd_v a, sd_v b) { return _mm512_sub_ps(a, b); }
SD_INLINE sd_v sd_v_mul(sd_v a, sd_v b) { return _mm512_mul_ps(a, b); }
SD_INLINE sd_v sd_v_div(sd_v a, sd_v b) { return _mm512_div_ps(a, b); }
// a * b + c, rounded once.
SD_INLINE sd_v sd_v_fma(sd_v a, sd_v b, sd_v c) { return _mm512_fmadd_ps(a, b, c); }
// A NaN in the second operand is the result; one in the first is dropped.
SD_INLINE sd_v sd_v_min(sd_v a, sd_v b) { return _mm512_min_ps(a, b); }
SD_INLINE sd_v sd_v_max(sd_v a, sd_v b) { return _mm512_max_ps(a, b); }
// Stores a[0], b[0], a[1], b[1] and so on at p.
SD_INLINE void sd_v_store_interleaved(float *p, sd_v a, sd_v b) {
  const __m512i first =
      _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const __m512i second = _mm512_add_epi32(first, _mm512_set1_epi32(8));
  _mm512_storeu_ps(p, _mm512_permutex2var_ps(a, first, b));
  _mm512_storeu_ps(p + 16, _mm512_permutex2var_ps(a, second, b));
}

// bfloat16 to floats.
SD_INLINE sd_v sd_v_widened(__m256i x) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(x), 16));
}

// p[0] in the even lanes, p[1] in the odd ones.
SD_INLINE sd_v sd_v_pair(const float *p) {
  double both;
  __builtin_memcpy(&both, p, sizeof both);
  return _mm512_castpd_ps(_mm512_set1_pd(both));
}
// Sums of neighbouring lanes, packed into the lower half; the upper half is zero.
SD_INLINE sd_v sd_v_folded(sd_v v) {
  return _mm512_maskz_compress_ps(0x5555, _mm512_add_ps(v, _mm512_movehdup_ps(v)));
}

SD_TARGET_END

#include "activation.h"
#endif
