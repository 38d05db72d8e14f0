#include "../simd/scalar_bf16.h"

void sd_bf16_f32_widen__scalar(size_t n, const sd_bf16 *x, float *y) {
  for (size_t i = 0; i < n; i++) y[i] = sd_widened(x[i]);
}
