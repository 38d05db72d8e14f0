// Activations, sums and interleaving of runs of numbers.

SD_TARGET_BEGIN

void SD_NAME(f32_activate)(size_t n, const float *x, float *y, sd_activation activation) {
  const sd_v_activation f = sd_v_activation_of(activation);
  size_t i = 0;
  for (; i + SD_LANES <= n; i += SD_LANES) sd_v_store(y + i, sd_v_activated(sd_v_load(x + i), &f));
  if (i == n) return;
  sd_v_store_first(y + i, n - i, sd_v_activated(sd_v_load_first(x + i, n - i), &f));
}

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

void SD_NAME(f32_interleave)(size_t n, const float *a, const float *b, float *y) {
  size_t i = 0;
  for (; i + SD_LANES <= n; i += SD_LANES) {
    sd_v_store_interleaved(y + 2 * i, sd_v_load(a + i), sd_v_load(b + i));
  }
  for (; i < n; i++) {
    y[2 * i] = a[i];
    y[2 * i + 1] = b[i];
  }
}

SD_TARGET_END
