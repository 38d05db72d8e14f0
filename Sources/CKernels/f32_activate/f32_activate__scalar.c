#include "../simd/scalar.h"

void sd_f32_activate__scalar(size_t n, const float *x, float *y, sd_activation activation) {
  for (size_t i = 0; i < n; i++) y[i] = sd_activated(x[i], activation);
}
