// The vector vocabulary for Advanced SIMD of AArch64: 4 floats. See avx512.h for what the functions
// do.
#pragma once

#include "../sd_kernels_internal.h"

#if SD_ARCH_AARCH64
#include <arm_neon.h>
#include <string.h>

#define SD_NAME(name) sd_##name##__neon
// Part of the AArch64 baseline, so there is nothing to enable.
#define SD_TARGET_BEGIN
#define SD_TARGET_END

typedef float32x4_t sd_v;
enum { SD_LANES = 4 };

SD_INLINE sd_v sd_v_set1(float x) { return vdupq_n_f32(x); }
SD_INLINE sd_v sd_v_load(const float *p) { return vld1q_f32(p); }
SD_INLINE void sd_v_store(float *p, sd_v v) { vst1q_f32(p, v); }
SD_INLINE sd_v sd_v_load_first(const float *p, size_t n) {
  float lanes[SD_LANES] = {0};
  memcpy(lanes, p, n * sizeof *p);
  return vld1q_f32(lanes);
}
SD_INLINE void sd_v_store_first(float *p, size_t n, sd_v v) {
  float lanes[SD_LANES];
  vst1q_f32(lanes, v);
  memcpy(p, lanes, n * sizeof *p);
}
SD_INLINE sd_v sd_v_add(sd_v a, sd_v b) { return vaddq_f32(a, b); }
SD_INLINE sd_v sd_v_sub(sd_v a, sd_v b) { return vsubq_f32(a, b); }
SD_INLINE sd_v sd_v_mul(sd_v a, sd_v b) { return vmulq_f32(a, b); }
SD_INLINE sd_v sd_v_div(sd_v a, sd_v b) { return vdivq_f32(a, b); }
SD_INLINE sd_v sd_v_fma(sd_v a, sd_v b, sd_v c) { return vfmaq_f32(c, a, b); }
// These keep a NaN in either operand, and take -0 for less than +0: results may differ from the
// scalar ones in the sign of a zero.
SD_INLINE sd_v sd_v_min(sd_v a, sd_v b) { return vminq_f32(a, b); }
SD_INLINE sd_v sd_v_max(sd_v a, sd_v b) { return vmaxq_f32(a, b); }
SD_INLINE void sd_v_store_interleaved(float *p, sd_v a, sd_v b) {
  vst2q_f32(p, (float32x4x2_t){{a, b}});
}

#include "activation.h"
#endif
