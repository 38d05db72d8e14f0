#include "../simd/scalar_bf16.h"

void sd_f32_bf16_narrow__scalar(size_t n, const float *x, sd_bf16 *y) {
  for (size_t i = 0; i < n; i++) y[i] = sd_narrowed(x[i]);
}
