// 8 pixels at a time, in two registers.
#include "../simd/neon.h"

#if SD_ARCH_AARCH64
typedef int32x4x2_t sd_q;
enum { SD_PIXELS = 8 };

SD_INLINE sd_q sd_q_of(int32x4_t low, int32x4_t high) {
  sd_q v;
  v.val[0] = low;
  v.val[1] = high;
  return v;
}
SD_INLINE sd_q sd_q_set1(int32_t x) { return sd_q_of(vdupq_n_s32(x), vdupq_n_s32(x)); }
SD_INLINE sd_q sd_q_add(sd_q a, sd_q b) {
  return sd_q_of(vaddq_s32(a.val[0], b.val[0]), vaddq_s32(a.val[1], b.val[1]));
}
SD_INLINE sd_q sd_q_mul(sd_q a, sd_q b) {
  return sd_q_of(vmulq_s32(a.val[0], b.val[0]), vmulq_s32(a.val[1], b.val[1]));
}
SD_INLINE sd_q sd_q_add_line(sd_q sum, const int16_t *line, int16_t weight) {
  const int16x8_t samples = vld1q_s16(line);
  return sd_q_of(vmlal_n_s16(sum.val[0], vget_low_s16(samples), weight),
                 vmlal_n_s16(sum.val[1], vget_high_s16(samples), weight));
}
SD_INLINE sd_q sd_q_cut_10(sd_q v) {
  return sd_q_of(vshrq_n_s32(v.val[0], 10), vshrq_n_s32(v.val[1], 10));
}
SD_INLINE int32x4_t sd_cut_22(int32x4_t v) {
  return vreinterpretq_s32_u32(vshrq_n_u32(vreinterpretq_u32_s32(v), 22));
}
SD_INLINE sd_q sd_q_cut_22(sd_q v) {
  return sd_q_of(sd_cut_22(v.val[0]), sd_cut_22(v.val[1]));
}
// Nothing to do here: sd_q_store_rgb clamps.
SD_INLINE sd_q sd_q_clamped(sd_q v) { return v; }
SD_INLINE uint8x8_t sd_bytes(sd_q v) {
  return vqmovun_s16(vcombine_s16(vqmovn_s32(v.val[0]), vqmovn_s32(v.val[1])));
}
SD_INLINE void sd_q_store_rgb(uint8_t *rgb, sd_q red, sd_q green, sd_q blue) {
  uint8x8x3_t pixels;
  pixels.val[0] = sd_bytes(red);
  pixels.val[1] = sd_bytes(green);
  pixels.val[2] = sd_bytes(blue);
  vst3_u8(rgb, pixels);
}

#include "s16_rgb_body.h"
#endif
