#include "../simd/avx512bf16.h"

#if SD_ARCH_X86_64
SD_TARGET_BEGIN

void sd_bf16_channel_scale__avx512bf16(
    size_t pixels, size_t channels, const sd_bf16 *x, const float *scale, sd_bf16 *y,
    size_t pixel_stride) {
  const size_t whole = channels / SD_LANES * SD_LANES;
  for (size_t i = 0; i < pixels; i++, x += pixel_stride, y += pixel_stride) {
    for (size_t c = 0; c < whole; c += SD_LANES) {
      sd_v_store_bf16(y + c, sd_v_mul(sd_v_load_bf16(x + c), sd_v_load(scale + c)));
    }
    if (whole == channels) continue;
    const size_t n = channels - whole;
    const sd_v last = sd_v_load_first_bf16(x + whole, n);
    sd_v_store_first_bf16(y + whole, n, sd_v_mul(last, sd_v_load_first(scale + whole, n)));
  }
}

SD_TARGET_END
#endif
