// 4 outputs at a time, 8 taps of each in a step.
#include "../simd/neon.h"
#include "u8_resample_packed.h"

#if SD_ARCH_AARCH64
enum { SD_SCALAR_FORM, SD_EIGHTS };

void sd_u8_resample_pack__neon(const sd_resampling *r, void *packed) {
  const size_t taps = sd_rounded_up(r->taps, 8);
  if (taps > r->inputs) {
    sd_u8_resample_pack__scalar(r, packed);
    return;
  }
  sd_resampled_pack(r, 4, taps, SD_EIGHTS, packed);
}

SD_INLINE int16x8_t sd_eight(const uint8_t *x, size_t step, size_t offset) {
  const uint8x8_t samples = step == 1 ? vld1_u8(x) : vld2_u8(x).val[offset];
  return vreinterpretq_s16_u16(vmovl_u8(samples));
}

SD_INLINE void sd_eights(
    const void *packed, size_t step, size_t offset, const uint8_t *x, int16_t *y) {
  const sd_resampled_header *header = packed;
  const size_t taps = header->taps;
  const int32_t *first = sd_resampled_first(packed);
  const int16_t *weights = sd_resampled_weights(packed);
  for (size_t i = 0; i < header->outputs; i += 4, weights += 4 * taps) {
    int32x4_t sums[4];
    SD_UNROLL
    for (size_t o = 0; o < 4; o++) {
      const uint8_t *from = x + (size_t)first[i + o] * step;
      const int16_t *w = weights + o * taps;
      sums[o] = vdupq_n_s32(0);
      for (size_t t = 0; t < taps; t += 8) {
        const int16x8_t samples = sd_eight(from + t * step, step, offset);
        const int16x8_t of_taps = vld1q_s16(w + t);
        sums[o] = vmlal_s16(sums[o], vget_low_s16(samples), vget_low_s16(of_taps));
        sums[o] = vmlal_high_s16(sums[o], samples, of_taps);
      }
    }
    const int32x4_t four =
        vpaddq_s32(vpaddq_s32(sums[0], sums[1]), vpaddq_s32(sums[2], sums[3]));
    vst1_s16(y + i, vshrn_n_s32(four, 7));
  }
}

void sd_u8_resample__neon(const void *packed, const uint8_t *x, int16_t *y) {
  const sd_resampled_header *header = packed;
  if (header->form != SD_EIGHTS) sd_u8_resample__scalar(packed, x, y);
  else if (header->step == 1) sd_eights(packed, 1, 0, x, y);
  else if (header->offset == 0) sd_eights(packed, 2, 0, x, y);
  else sd_eights(packed, 2, 1, x, y);
}
#endif
