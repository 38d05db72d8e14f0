#include "../simd/scalar.h"

void sd_f32_global_average__scalar(
    size_t pixels, size_t channels, const float *x, size_t pixel_stride, float *y) {
  for (size_t c = 0; c < channels; c++) {
    float sum = 0.0f;
    for (size_t i = 0; i < pixels; i++) sum += x[i * pixel_stride + c];
    y[c] = sum / (float)pixels;
  }
}
