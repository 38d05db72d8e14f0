// Mean over pixels. Each lane adds its pixels in the order of the reference.
#include "numbers.h"

SD_TARGET_BEGIN

enum { SD_MEAN_VECTORS = 8 };

SD_INLINE void sd_mean_vectors(
    size_t pixels, const SD_NUMBER *x, size_t pixel_stride, SD_NUMBER *y, const size_t vectors) {
  sd_v sum[SD_MEAN_VECTORS];
  SD_UNROLL
  for (size_t v = 0; v < vectors; v++) sum[v] = sd_v_set1(0.0f);
  for (size_t i = 0; i < pixels; i++, x += pixel_stride) {
    SD_UNROLL
    for (size_t v = 0; v < vectors; v++) {
      sum[v] = sd_v_add(sum[v], SD_NUMBER_WORD(sd_v_load)(x + v * SD_LANES));
    }
  }
  const sd_v divisor = sd_v_set1((float)pixels);
  SD_UNROLL
  for (size_t v = 0; v < vectors; v++) {
    SD_NUMBER_WORD(sd_v_store)(y + v * SD_LANES, sd_v_div(sum[v], divisor));
  }
}

void SD_NUMBER_NAME(global_average)(
    size_t pixels, size_t channels, const SD_NUMBER *x, size_t pixel_stride, SD_NUMBER *y) {
  enum { WIDE = SD_MEAN_VECTORS * SD_LANES };
  size_t c = 0;
  for (; c + WIDE <= channels; c += WIDE) {
    sd_mean_vectors(pixels, x + c, pixel_stride, y + c, SD_MEAN_VECTORS);
  }
  for (; c + SD_LANES <= channels; c += SD_LANES) {
    sd_mean_vectors(pixels, x + c, pixel_stride, y + c, 1);
  }
  if (c == channels) return;
  const size_t n = channels - c;
  sd_v sum = sd_v_set1(0.0f);
  for (size_t i = 0; i < pixels; i++) {
    sum = sd_v_add(sum, SD_NUMBER_WORD(sd_v_load_first)(x + i * pixel_stride + c, n));
  }
  SD_NUMBER_WORD(sd_v_store_first)(y + c, n, sd_v_div(sum, sd_v_set1((float)pixels)));
}

SD_TARGET_END
