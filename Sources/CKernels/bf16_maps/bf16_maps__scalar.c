#include "../simd/scalar_bf16.h"

void sd_bf16_global_average__scalar(
    size_t pixels, size_t channels, const sd_bf16 *x, size_t pixel_stride, sd_bf16 *y) {
  for (size_t c = 0; c < channels; c++) {
    float sum = 0.0f;
    for (size_t i = 0; i < pixels; i++) sum += sd_widened(x[i * pixel_stride + c]);
    y[c] = sd_narrowed(sum / (float)pixels);
  }
}

void sd_bf16_channel_scale__scalar(
    size_t pixels, size_t channels, const sd_bf16 *x, const float *scale, sd_bf16 *y,
    size_t pixel_stride) {
  for (size_t i = 0; i < pixels; i++, x += pixel_stride, y += pixel_stride) {
    for (size_t c = 0; c < channels; c++) y[c] = sd_narrowed(sd_widened(x[c]) * scale[c]);
  }
}
