// 8 pixels at a time: structure loads and stores separate the colours and interleave them again.
#include "../simd/neon.h"

#if SD_ARCH_AARCH64
enum { SD_PIXELS = 8 };

void sd_u8_f32_normalize__neon(
    size_t pixels, const uint8_t *x, const uint8_t order[3], const float scale[3],
    const float bias[3], float *y) {
  size_t i = 0;
  for (; i + SD_PIXELS <= pixels; i += SD_PIXELS, x += 3 * SD_PIXELS, y += 3 * SD_PIXELS) {
    const uint8x8x3_t planes = vld3_u8(x);
    float32x4x3_t low, high;
    for (size_t c = 0; c < 3; c++) {
      const uint16x8_t wide = vmovl_u8(planes.val[order[c]]);
      const sd_v first = vcvtq_f32_u32(vmovl_u16(vget_low_u16(wide)));
      const sd_v second = vcvtq_f32_u32(vmovl_u16(vget_high_u16(wide)));
      low.val[c] = sd_v_add(sd_v_mul(first, sd_v_set1(scale[c])), sd_v_set1(bias[c]));
      high.val[c] = sd_v_add(sd_v_mul(second, sd_v_set1(scale[c])), sd_v_set1(bias[c]));
    }
    vst3q_f32(y, low);
    vst3q_f32(y + 12, high);
  }
  sd_u8_f32_normalize__scalar(pixels - i, x, order, scale, bias, y);
}
#endif
