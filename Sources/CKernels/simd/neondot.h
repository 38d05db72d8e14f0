// The vocabulary of bytes for Advanced SIMD with dot products (FEAT_DotProd of Armv8.2), which
// extends that of floats: 4 sums of 32 bits. See avx512vnni.h for what the functions do.
//
// Both factors of the dot product are signed, so 128 is subtracted from the bytes of a map.
#pragma once

#include "neon.h"

#if SD_ARCH_AARCH64
#undef SD_NAME
#define SD_NAME(name) sd_##name##__neondot
#undef SD_TARGET_BEGIN
#undef SD_TARGET_END
#if defined(__clang__)
#define SD_TARGET_BEGIN \
  SD_PRAGMA(clang attribute push(__attribute__((target("dotprod"))), apply_to = function))
#define SD_TARGET_END SD_PRAGMA(clang attribute pop)
#else
#define SD_TARGET_BEGIN       \
  SD_PRAGMA(GCC push_options) \
  SD_PRAGMA(GCC target("arch=armv8.2-a+dotprod"))
#define SD_TARGET_END SD_PRAGMA(GCC pop_options)
#endif

SD_TARGET_BEGIN

#define SD_BYTE_BIAS 128

typedef int32x4_t sd_i;
typedef int8x16_t sd_quads;
typedef int8x16_t sd_weights;

SD_INLINE sd_i sd_i_load(const int32_t *p) { return vld1q_s32(p); }
SD_INLINE sd_i sd_i_zero(void) { return vdupq_n_s32(0); }
SD_INLINE sd_i sd_i_add(sd_i a, sd_i b) { return vaddq_s32(a, b); }
SD_INLINE sd_quads sd_quads_from(uint8x16_t x) {
  return vreinterpretq_s8_u8(veorq_u8(x, vdupq_n_u8(SD_BYTE_BIAS)));
}
SD_INLINE sd_quads sd_quads_set1(const uint8_t *p) {
  uint32_t quad;
  memcpy(&quad, p, sizeof quad);
  return sd_quads_from(vreinterpretq_u8_u32(vdupq_n_u32(quad)));
}
SD_INLINE sd_quads sd_quads_load(const uint8_t *p) { return sd_quads_from(vld1q_u8(p)); }
SD_INLINE sd_weights sd_weights_load(const int8_t *p) { return vld1q_s8(p); }
SD_INLINE sd_i sd_i_dot(sd_i sum, sd_quads x, sd_weights w) { return vdotq_s32(sum, x, w); }

SD_INLINE sd_i sd_i_load_bytes(const uint8_t *p) {
  uint32_t bytes;
  memcpy(&bytes, p, sizeof bytes);
  const uint8x8_t v = vreinterpret_u8_u32(vdup_n_u32(bytes));
  return vreinterpretq_s32_u32(vmovl_u16(vget_low_u16(vmovl_u8(v))));
}
SD_INLINE sd_v sd_v_of_i(sd_i v) { return vcvtq_f32_s32(v); }
// Values out of range become the nearest that 32 bits hold, NaN becomes 0.
SD_INLINE sd_i sd_i_rounded(sd_v v) { return vcvtnq_s32_f32(v); }
SD_INLINE sd_v sd_v_load_bytes(const uint8_t *p) { return sd_v_of_i(sd_i_load_bytes(p)); }
SD_INLINE sd_v sd_v_load_first_bytes(const uint8_t *p, size_t n) {
  uint8_t first[SD_LANES] = {0};
  memcpy(first, p, n);
  return sd_v_load_bytes(first);
}

// MARK: - Vectors of bytes

typedef uint8x16_t sd_b;
enum { SD_BYTES = 16, SD_LANE_BYTES = 16 };
#define SD_MAX_PARTS 1

SD_INLINE sd_b sd_b_set1(uint8_t x) { return vdupq_n_u8(x); }
SD_INLINE sd_b sd_b_load(const uint8_t *p) { return vld1q_u8(p); }
SD_INLINE void sd_b_store(uint8_t *p, sd_b v) { vst1q_u8(p, v); }
SD_INLINE sd_b sd_b_load_parts(const uint8_t *const p[], const size_t parts) {
  (void)parts;
  return sd_b_load(p[0]);
}
SD_INLINE void sd_b_store_part(uint8_t *p, sd_b v, const size_t part, const size_t parts) {
  (void)part, (void)parts;
  sd_b_store(p, v);
}
SD_INLINE sd_b sd_b_zip_low(sd_b a, sd_b b) { return vzip1q_u8(a, b); }
SD_INLINE sd_b sd_b_zip_high(sd_b a, sd_b b) { return vzip2q_u8(a, b); }
SD_INLINE sd_b sd_b_zip_pairs_low(sd_b a, sd_b b) {
  return vreinterpretq_u8_u16(vzip1q_u16(vreinterpretq_u16_u8(a), vreinterpretq_u16_u8(b)));
}
SD_INLINE sd_b sd_b_zip_pairs_high(sd_b a, sd_b b) {
  return vreinterpretq_u8_u16(vzip2q_u16(vreinterpretq_u16_u8(a), vreinterpretq_u16_u8(b)));
}

SD_INLINE sd_b sd_b_halves(sd_i a, sd_i b) {
  return vreinterpretq_u8_s16(vcombine_s16(vqmovn_s32(a), vqmovn_s32(b)));
}
SD_INLINE sd_b sd_b_joined(sd_b first, sd_b second, uint8_t low, uint8_t high) {
  const uint8x16_t bytes = vcombine_u8(
      vqmovun_s16(vreinterpretq_s16_u8(first)), vqmovun_s16(vreinterpretq_s16_u8(second)));
  return vminq_u8(vmaxq_u8(bytes, sd_b_set1(low)), sd_b_set1(high));
}

// `vectors` is 4.
SD_INLINE void sd_bytes_store(
    uint8_t *p, const sd_i *v, const size_t vectors, uint8_t low, uint8_t high) {
  (void)vectors;
  sd_b_store(p, sd_b_joined(sd_b_halves(v[0], v[1]), sd_b_halves(v[2], v[3]), low, high));
}

SD_TARGET_END
#endif
