// The checks of the kernels that turn planes into pixels. Included by neon_check.c, after the
// checks of bytes.

static void *resampled_form(const sd_kernels *kernels, const sd_resampling *resampling) {
  const size_t size = kernels->u8_resample_packed_size(resampling);
  void *p = aligned_alloc(64, (size + 63) / 64 * 64);
  if (!p) abort();
  kernels->u8_resample_pack(resampling, p);
  return p;
}

static size_t line_room(size_t outputs) {
  return (outputs + SD_RESAMPLED_GROUP - 1) / SD_RESAMPLED_GROUP * SD_RESAMPLED_GROUP;
}

// Weights that add up to `unity`.
static void fill_weights(int16_t *weights, size_t taps, size_t unity) {
  for (size_t t = 0; t < taps; t++) {
    const size_t weight = t + 1 < taps ? in_range(0, unity) / 2 : unity;
    weights[t] = (int16_t)weight;
    unity -= weight;
  }
}

static void check_resample(const sd_kernels *kernels, size_t inputs, size_t outputs, size_t taps) {
  sd_resampling r = {.inputs = inputs, .outputs = outputs, .taps = taps, .step = in_range(1, 2)};
  r.offset = in_range(0, r.step - 1);
  int32_t *first = malloc(outputs * sizeof *first);
  int16_t *weights = malloc(outputs * taps * sizeof *weights);
  if (!first || !weights) abort();
  for (size_t i = 0; i < outputs; i++) {
    first[i] = (int32_t)((inputs - taps) * i / (outputs > 1 ? outputs - 1 : 1));
    fill_weights(weights + i * taps, taps, 16384);
  }
  r.first = first;
  r.weights = weights;
  bytes x = random_bytes(inputs * r.step);
  const size_t room = line_room(outputs);
  bytes y = bytes_at_page_end(room * sizeof(int16_t));
  bytes z = bytes_at_page_end(room * sizeof(int16_t));
  void *form = resampled_form(kernels, &r), *form0 = resampled_form(reference, &r);
  reference->u8_resample(form0, x.p, (int16_t *)(void *)y.p);
  kernels->u8_resample(form, x.p, (int16_t *)(void *)z.p);
  // What follows the last output may be anything.
  const size_t used = outputs * sizeof(int16_t);
  memset(y.p + used, 0, y.count - used);
  memset(z.p + used, 0, z.count - used);
  report(same_bytes(&y, &z), "u8_resample", kernels->isa,
         SIZES("inputs %zu outputs %zu taps %zu step %zu offset %zu", inputs, outputs, taps, r.step,
               r.offset));
  free(first), free(weights), free(form), free(form0);
  free_bytes(x), free_bytes(y), free_bytes(z);
}

static void check_rgb(const sd_kernels *kernels, size_t pixels) {
  enum { MOST = 9 };
  const size_t room = line_room(pixels), taps = in_range(1, MOST), chroma_taps = in_range(1, MOST);
  int16_t *samples = malloc(3 * MOST * room * sizeof *samples), weights[MOST], chroma_weights[MOST];
  if (!samples) abort();
  for (size_t i = 0; i < 3 * MOST * room; i++) samples[i] = (int16_t)in_range(0, 32640);
  const int16_t *lines[3 * MOST];
  for (size_t i = 0; i < 3 * MOST; i++) lines[i] = samples + i * room;
  fill_weights(weights, taps, 4096);
  fill_weights(chroma_weights, chroma_taps, 4096);
  bytes y = bytes_at_page_end(3 * pixels), z = bytes_at_page_end(3 * pixels);
  sd_s16_rgb_args args = {
      .pixels = pixels, .taps = taps, .chroma_taps = chroma_taps, .luma = lines,
      .blue = lines + MOST, .red = lines + 2 * MOST, .weights = weights,
      .chroma_weights = chroma_weights, .rounding = in_range(0, 1) ? 512 : 0,
      .luma_offset = (int32_t)in_range(0, 8192), .luma_scale = (int32_t)in_range(8000, 9539),
      .red_of_red = (int32_t)in_range(0, 18000), .green_of_red = -(int32_t)in_range(0, 9000),
      .green_of_blue = -(int32_t)in_range(0, 9000), .blue_of_blue = (int32_t)in_range(0, 18000),
      .rgb = y.p,
  };
  reference->s16_rgb(&args);
  args.rgb = z.p;
  kernels->s16_rgb(&args);
  report(same_bytes(&y, &z), "s16_rgb", kernels->isa,
         SIZES("pixels %zu taps %zu %zu", pixels, taps, chroma_taps));
  free(samples);
  free_bytes(y), free_bytes(z);
}

static void check_pictures(const sd_kernels *kernels) {
  check_resample(kernels, 1280, 300, 12);
  check_resample(kernels, 640, 300, 8);
  check_resample(kernels, 3840, 300, 28);
  for (size_t outputs = 1; outputs <= 67; outputs++) {
    const size_t inputs = in_range(1, 9 * outputs);
    check_resample(kernels, inputs, outputs, in_range(1, inputs < 40 ? inputs : 40));
    check_rgb(kernels, outputs);
  }
}
