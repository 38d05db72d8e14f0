// The vector vocabulary for AVX2, FMA and F16C: 8 floats. See avx512.h for what the functions do.
#pragma once

#include "../sd_kernels_internal.h"

#if SD_ARCH_X86_64
#include <immintrin.h>

#define SD_NAME(name) sd_##name##__avx2
#if defined(__clang__)
#define SD_TARGET_BEGIN           \
  SD_PRAGMA(clang attribute push( \
      __attribute__((target("avx2,fma,f16c"))), apply_to = function))
#define SD_TARGET_END SD_PRAGMA(clang attribute pop)
#else
#define SD_TARGET_BEGIN       \
  SD_PRAGMA(GCC push_options) \
  SD_PRAGMA(GCC target("avx2,fma,f16c"))
#define SD_TARGET_END SD_PRAGMA(GCC pop_options)
#endif

SD_TARGET_BEGIN

typedef __m256 sd_v;
enum { SD_LANES = 8 };

SD_INLINE __m256i sd_v_first(size_t n) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), lane);
}

SD_INLINE sd_v sd_v_set1(float x) { return _mm256_set1_ps(x); }
SD_INLINE sd_v sd_v_load(const float *p) { return _mm256_loadu_ps(p); }
SD_INLINE void sd_v_store(float *p, sd_v v) { _mm256_storeu_ps(p, v); }
SD_INLINE sd_v sd_v_load_first(const float *p, size_t n) {
  return _mm256_maskload_ps(p, sd_v_first(n));
}
SD_INLINE void sd_v_store_first(float *p, size_t n, sd_v v) {
  _mm256_maskstore_ps(p, sd_v_first(n), v);
}
SD_INLINE sd_v sd_v_add(sd_v a, sd_v b) { return _mm256_add_ps(a, b); }
SD_INLINE sd_v sd_v_sub(sd_v a, sd_v b) { return _mm256_sub_ps(a, b); }
SD_INLINE sd_v sd_v_mul(sd_v a, sd_v b) { return _mm256_mul_ps(a, b); }
SD_INLINE sd_v sd_v_div(sd_v a, sd_v b) { return _mm256_div_ps(a, b); }
SD_INLINE sd_v sd_v_fma(sd_v a, sd_v b, sd_v c) { return _mm256_fmadd_ps(a, b, c); }
SD_INLINE sd_v sd_v_min(sd_v a, sd_v b) { return _mm256_min_ps(a, b); }
SD_INLINE sd_v sd_v_max(sd_v a, sd_v b) { return _mm256_max_ps(a, b); }
SD_INLINE void sd_v_store_interleaved(float *p, sd_v a, sd_v b) {
  const __m256 low = _mm256_unpacklo_ps(a, b), high = _mm256_unpackhi_ps(a, b);
  _mm256_storeu_ps(p, _mm256_permute2f128_ps(low, high, 0x20));
  _mm256_storeu_ps(p + 8, _mm256_permute2f128_ps(low, high, 0x31));
}

SD_TARGET_END

#include "activation.h"
#endif
