// Strassen's matrix product, see sd_strassen.h: sums of the input and of the products.

SD_TARGET_BEGIN

SD_INLINE sd_v sd_strassen_load(const float *p, const size_t count) {
  return count == SD_LANES ? sd_v_load(p) : sd_v_load_first(p, count);
}

SD_INLINE void sd_strassen_store(float *p, const size_t count, sd_v v) {
  if (count == SD_LANES) {
    sd_v_store(p, v);
  } else {
    sd_v_store_first(p, count, v);
  }
}

// The sums of `count` channels, at most a vector of them.
SD_INLINE void sd_strassen_input(
    const sd_f32_strassen_input_args *args, const float *upper, const float *lower, float *s,
    const size_t j, const size_t count) {
  const size_t matrix = args->rows * args->stride;
  const sd_v scale = sd_strassen_load(args->scale + j, count);
  const sd_v a = sd_strassen_load(upper + j, count), c = sd_strassen_load(lower + j, count);
  const sd_v b = sd_v_mul(sd_strassen_load(upper + args->channels + j, count), scale);
  const sd_v d = sd_v_mul(sd_strassen_load(lower + args->channels + j, count), scale);
  const sd_v sum = sd_v_add(c, d), rest = sd_v_sub(sum, a);
  sd_strassen_store(s + j, count, sum);
  sd_strassen_store(s + matrix + j, count, rest);
  sd_strassen_store(s + 2 * matrix + j, count, sd_v_sub(a, c));
  sd_strassen_store(s + 3 * matrix + j, count, sd_v_sub(b, rest));
}

void SD_NAME(f32_strassen_input)(const sd_f32_strassen_input_args *args) {
  const size_t channels = args->channels;
  for (size_t i = 0; i < args->rows; i++) {
    const float *upper = args->upper + i * args->lda, *lower = args->lower + i * args->lda;
    float *s = args->s + i * args->stride;
    size_t j = 0;
    for (; j + SD_LANES <= channels; j += SD_LANES) {
      sd_strassen_input(args, upper, lower, s, j, SD_LANES);
    }
    if (j < channels) sd_strassen_input(args, upper, lower, s, j, channels - j);
  }
}

// Writes up to a vector of columns, whose sums are m, from column j of row `row` on.
SD_INLINE void sd_strassen_output(
    const sd_f32_strassen_output_args *args, const sd_v_activation *activation, size_t row,
    size_t j, const size_t count, sd_v m) {
  const sd_v bias = sd_strassen_load(args->bias + j, count);
  sd_v y = sd_v_activated(sd_v_add(m, bias), activation);
  if (args->residual) {
    y = sd_v_add(y, sd_strassen_load(args->residual + row * args->ldr + j, count));
  }
  sd_strassen_store(args->y + row * args->ldy + j, count, y);
}

// Columns j to j + count - 1 of the left half of a row: the products themselves.
SD_INLINE void sd_strassen_left(
    const sd_f32_strassen_output_args *args, const sd_v_activation *activation, size_t row,
    const float *products, size_t j, const size_t count) {
  sd_strassen_output(args, activation, row, j, count, sd_strassen_load(products + j, count));
}

// The same columns of the right half.
SD_INLINE void sd_strassen_right(
    const sd_f32_strassen_output_args *args, const sd_v_activation *activation, size_t row,
    const float *products, const float *common, size_t j, const size_t count) {
  const sd_v sum =
      sd_v_add(sd_strassen_load(products + j, count), sd_strassen_load(common + j, count));
  const sd_v m = sd_v_mul(sd_strassen_load(args->scale + j, count), sum);
  sd_strassen_output(args, activation, row, args->half + j, count, m);
}

void SD_NAME(f32_strassen_output)(const sd_f32_strassen_output_args *args) {
  const sd_v_activation activation = sd_v_activation_of(args->activation);
  const size_t half = args->half, matrix = args->rows * half;
  const size_t left_columns = sd_smaller(args->columns, half);
  const size_t right_columns = args->columns - left_columns;
  for (size_t is_upper = 0; is_upper < 2; is_upper++) {
    for (size_t i = 0; i < args->rows; i++) {
      const size_t row = is_upper ? i : args->lower + i;
      const float *left = args->products + (is_upper ? 0 : 2) * matrix + i * half;
      const float *right = left + matrix, *common = args->products + 4 * matrix + i * half;
      size_t j = 0;
      for (; j + SD_LANES <= left_columns; j += SD_LANES) {
        sd_strassen_left(args, &activation, row, left, j, SD_LANES);
      }
      if (j < left_columns) sd_strassen_left(args, &activation, row, left, j, left_columns - j);
      for (j = 0; j + SD_LANES <= right_columns; j += SD_LANES) {
        sd_strassen_right(args, &activation, row, right, common, j, SD_LANES);
      }
      if (j < right_columns) {
        sd_strassen_right(args, &activation, row, right, common, j, right_columns - j);
      }
    }
  }
}

SD_TARGET_END
