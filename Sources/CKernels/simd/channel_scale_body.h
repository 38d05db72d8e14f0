// Multiplies each pixel by one vector of channels.
#include "numbers.h"

SD_TARGET_BEGIN

void SD_NUMBER_NAME(channel_scale)(
    size_t pixels, size_t channels, const SD_NUMBER *x, const float *scale, SD_NUMBER *y,
    size_t pixel_stride) {
  const size_t whole = channels / SD_LANES * SD_LANES;
  for (size_t i = 0; i < pixels; i++, x += pixel_stride, y += pixel_stride) {
    for (size_t c = 0; c < whole; c += SD_LANES) {
      SD_NUMBER_WORD(sd_v_store)(
          y + c, sd_v_mul(SD_NUMBER_WORD(sd_v_load)(x + c), sd_v_load(scale + c)));
    }
    if (whole == channels) continue;
    const size_t n = channels - whole;
    const sd_v last = SD_NUMBER_WORD(sd_v_load_first)(x + whole, n);
    const sd_v v = sd_v_mul(last, sd_v_load_first(scale + whole, n));
    SD_NUMBER_WORD(sd_v_store_first)(y + whole, n, v);
  }
}

SD_TARGET_END
