// Sum of two runs of numbers.

SD_TARGET_BEGIN

void SD_NAME(f32_add)(size_t n, const float *a, const float *b, float *y) {
  size_t i = 0;
  for (; i + SD_LANES <= n; i += SD_LANES) {
    sd_v_store(y + i, sd_v_add(sd_v_load(a + i), sd_v_load(b + i)));
  }
  if (i == n) return;
  const size_t left = n - i;
  const sd_v sum = sd_v_add(sd_v_load_first(a + i, left), sd_v_load_first(b + i, left));
  sd_v_store_first(y + i, left, sum);
}

SD_TARGET_END
