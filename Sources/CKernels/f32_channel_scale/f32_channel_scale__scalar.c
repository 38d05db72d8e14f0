#include "../simd/scalar.h"

void sd_f32_channel_scale__scalar(
    size_t pixels, size_t channels, const float *x, const float *scale, float *y,
    size_t pixel_stride) {
  for (size_t i = 0; i < pixels; i++, x += pixel_stride, y += pixel_stride) {
    for (size_t c = 0; c < channels; c++) y[c] = x[c] * scale[c];
  }
}
