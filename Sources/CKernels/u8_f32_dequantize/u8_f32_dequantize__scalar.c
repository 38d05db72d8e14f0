#include "../simd/scalar.h"

void sd_u8_f32_dequantize__scalar(size_t n, const uint8_t *x, float step, float zero, float *y) {
  for (size_t i = 0; i < n; i++) y[i] = ((float)x[i] - zero) * step;
}
