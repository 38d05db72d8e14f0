// Half to single precision. The file of the instruction set defines sd_v_load_halves.
#include <string.h>

SD_TARGET_BEGIN

void SD_NAME(f16_f32_widen)(size_t n, const uint16_t *x, float *y) {
  size_t i = 0;
  for (; i + SD_LANES <= n; i += SD_LANES) sd_v_store(y + i, sd_v_load_halves(x + i));
  if (i == n) return;
  uint16_t halves[SD_LANES] = {0};
  memcpy(halves, x + i, (n - i) * sizeof *x);
  sd_v_store_first(y + i, n - i, sd_v_load_halves(halves));
}

SD_TARGET_END
