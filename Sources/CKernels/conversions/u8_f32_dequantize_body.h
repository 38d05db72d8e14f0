// Bytes to floats.

SD_TARGET_BEGIN

void SD_NAME(u8_f32_dequantize)(size_t n, const uint8_t *x, float step, float zero, float *y) {
  // The zero point is a whole number, so adding its negative is exact.
  const sd_v factor = sd_v_set1(step), offset = sd_v_set1(-zero);
  size_t i = 0;
  for (; i + SD_LANES <= n; i += SD_LANES) {
    sd_v_store(y + i, sd_v_mul(sd_v_add(sd_v_load_bytes(x + i), offset), factor));
  }
  if (i == n) return;
  const sd_v last = sd_v_add(sd_v_load_first_bytes(x + i, n - i), offset);
  sd_v_store_first(y + i, n - i, sd_v_mul(last, factor));
}

SD_TARGET_END
