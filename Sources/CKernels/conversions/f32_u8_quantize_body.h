// Floats to bytes.
#include "../simd/scalar_bytes.h"

SD_TARGET_BEGIN

enum { SD_GROUP = 16, SD_GROUP_VECTORS = SD_GROUP / SD_LANES };

void SD_NAME(f32_u8_quantize)(
    size_t n, const float *x, float inverse_step, float zero, uint8_t *y) {
  const sd_v step = sd_v_set1(inverse_step), offset = sd_v_set1(zero), most = sd_v_set1(255.0f);
  size_t i = 0;
  for (; i + SD_GROUP <= n; i += SD_GROUP) {
    sd_i rounded[SD_GROUP_VECTORS];
    SD_UNROLL
    for (size_t j = 0; j < SD_GROUP_VECTORS; j++) {
      const sd_v v = sd_v_fma(sd_v_load(x + i + j * SD_LANES), step, offset);
      rounded[j] = sd_i_rounded(sd_v_min(most, v));  // signed, so storing saturates below
    }
    sd_bytes_store(y + i, rounded, SD_GROUP_VECTORS, 0, 255);
  }
  for (; i < n; i++) y[i] = sd_byte(fmaf(x[i], inverse_step, zero), 0, 255);
}

SD_TARGET_END
