#include "../simd/scalar.h"

void sd_u8_f32_normalize__scalar(
    size_t pixels, const uint8_t *x, const uint8_t order[3], const float scale[3],
    const float bias[3], float *y) {
  for (size_t i = 0; i < 3 * pixels; i += 3) {
    for (size_t c = 0; c < 3; c++) {
      const float product = (float)x[i + order[c]] * scale[c];
      y[i + c] = product + bias[c];
    }
  }
}
