#include "../simd/scalar_bytes.h"

void sd_f32_u8_quantize__scalar(
    size_t n, const float *x, float inverse_step, float zero, uint8_t *y) {
  for (size_t i = 0; i < n; i++) y[i] = sd_byte(fmaf(x[i], inverse_step, zero), 0, 255);
}
