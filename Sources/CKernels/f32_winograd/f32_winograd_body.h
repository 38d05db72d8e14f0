// Winograd's convolution F(4x4, 3x3), see f32_winograd.h: the transforms of tiles.

SD_TARGET_BEGIN

// Transforms a row or column of six pixels.
SD_INLINE void sd_winograd_input(const sd_v d[SD_WINOGRAD_SIDE], sd_v t[SD_WINOGRAD_SIDE]) {
  const sd_v middle = sd_v_set1(SD_WINOGRAD_SUM);
  const sd_v even_a = sd_v_sub(d[4], sd_v_mul(sd_v_set1(SD_WINOGRAD_B2), d[2]));
  const sd_v even_b = sd_v_sub(d[4], sd_v_mul(sd_v_set1(SD_WINOGRAD_A2), d[2]));
  const sd_v odd_a = sd_v_mul(
      sd_v_set1(SD_WINOGRAD_A), sd_v_sub(d[3], sd_v_mul(sd_v_set1(SD_WINOGRAD_B2), d[1])));
  const sd_v odd_b = sd_v_mul(
      sd_v_set1(SD_WINOGRAD_B), sd_v_sub(d[3], sd_v_mul(sd_v_set1(SD_WINOGRAD_A2), d[1])));
  t[0] = sd_v_sub(sd_v_add(d[0], d[4]), sd_v_mul(middle, d[2]));
  t[1] = sd_v_add(even_a, odd_a);
  t[2] = sd_v_sub(even_a, odd_a);
  t[3] = sd_v_add(even_b, odd_b);
  t[4] = sd_v_sub(even_b, odd_b);
  t[5] = sd_v_sub(sd_v_add(d[1], d[5]), sd_v_mul(middle, d[3]));
}

// Transforms a row or column of six products into four outputs.
SD_INLINE void sd_winograd_output(const sd_v m[SD_WINOGRAD_SIDE], sd_v y[SD_WINOGRAD_TILE]) {
  const sd_v even_a = sd_v_add(m[1], m[2]), odd_a = sd_v_sub(m[1], m[2]);
  const sd_v even_b = sd_v_add(m[3], m[4]), odd_b = sd_v_sub(m[3], m[4]);
  y[0] = sd_v_add(sd_v_add(m[0], even_a), even_b);
  y[1] = sd_v_add(
      sd_v_mul(sd_v_set1(SD_WINOGRAD_A), odd_a), sd_v_mul(sd_v_set1(SD_WINOGRAD_B), odd_b));
  y[2] = sd_v_add(
      sd_v_mul(sd_v_set1(SD_WINOGRAD_A2), even_a), sd_v_mul(sd_v_set1(SD_WINOGRAD_B2), even_b));
  y[3] = sd_v_add(
      sd_v_add(
          sd_v_mul(sd_v_set1(SD_WINOGRAD_A3), odd_a), sd_v_mul(sd_v_set1(SD_WINOGRAD_B3), odd_b)),
      m[5]);
}

// Transforms the vector of channels at `c` of one tile.
SD_INLINE void sd_winograd_input_tile(
    const sd_f32_winograd_input_args *args, const sd_winograd_window *window, const size_t c,
    float *v, const size_t position, const bool is_inside) {
  sd_v columns[SD_WINOGRAD_SIDE][SD_WINOGRAD_SIDE];
  SD_UNROLL
  for (size_t j = 0; j < SD_WINOGRAD_SIDE; j++) {
    sd_v d[SD_WINOGRAD_SIDE];
    SD_UNROLL
    for (size_t i = 0; i < SD_WINOGRAD_SIDE; i++) {
      const bool is_pixel = is_inside || (sd_winograd_has(window->top, i, args->in_height) &&
                                          sd_winograd_has(window->left, j, args->in_width));
      d[i] = is_pixel ? sd_v_load(sd_winograd_pixel(args, window, i, j) + c) : sd_v_set1(0.0f);
    }
    sd_winograd_input(d, columns[j]);
  }
  SD_UNROLL
  for (size_t i = 0; i < SD_WINOGRAD_SIDE; i++) {
    sd_v row[SD_WINOGRAD_SIDE], t[SD_WINOGRAD_SIDE];
    SD_UNROLL
    for (size_t j = 0; j < SD_WINOGRAD_SIDE; j++) row[j] = columns[j][i];
    sd_winograd_input(row, t);
    SD_UNROLL
    for (size_t j = 0; j < SD_WINOGRAD_SIDE; j++) {
      sd_v_store(v + (i * SD_WINOGRAD_SIDE + j) * position + c, t[j]);
    }
  }
}

void SD_NAME(f32_winograd_input)(const sd_f32_winograd_input_args *args) {
  const size_t position = (args->end - args->begin) * args->channels;
  float *v = args->v;
  for (size_t tile = args->begin; tile < args->end; tile++, v += args->channels) {
    const sd_winograd_window window = sd_winograd_window_of(args, tile);
    if (sd_winograd_is_inside(args, &window)) {
      for (size_t c = 0; c < args->channels; c += SD_LANES) {
        sd_winograd_input_tile(args, &window, c, v, position, true);
      }
    } else {
      for (size_t c = 0; c < args->channels; c += SD_LANES) {
        sd_winograd_input_tile(args, &window, c, v, position, false);
      }
    }
  }
}

SD_INLINE sd_v sd_winograd_load(const float *p, const size_t count) {
  return count == SD_LANES ? sd_v_load(p) : sd_v_load_first(p, count);
}

void SD_NAME(f32_winograd_output)(const sd_f32_winograd_output_args *args) {
  const sd_v_activation activation = sd_v_activation_of(args->activation);
  const size_t position = (args->end - args->begin) * args->m_stride;
  const float *m = args->m;
  for (size_t tile = args->begin; tile < args->end; tile++, m += args->m_stride) {
    const size_t top = tile / args->columns * SD_WINOGRAD_TILE;
    const size_t left = tile % args->columns * SD_WINOGRAD_TILE;
    const size_t height = sd_smaller(args->out_height - top, SD_WINOGRAD_TILE);
    const size_t width = sd_smaller(args->out_width - left, SD_WINOGRAD_TILE);
    for (size_t c = 0; c < args->channels; c += SD_LANES) {
      const size_t count = sd_smaller(args->channels - c, SD_LANES);
      const sd_v bias = sd_winograd_load(args->bias + c, count);
      sd_v columns[SD_WINOGRAD_SIDE][SD_WINOGRAD_TILE];
      SD_UNROLL
      for (size_t j = 0; j < SD_WINOGRAD_SIDE; j++) {
        sd_v products[SD_WINOGRAD_SIDE];
        SD_UNROLL
        for (size_t i = 0; i < SD_WINOGRAD_SIDE; i++) {
          products[i] = sd_winograd_load(m + (i * SD_WINOGRAD_SIDE + j) * position + c, count);
        }
        sd_winograd_output(products, columns[j]);
      }
      SD_UNROLL
      for (size_t i = 0; i < SD_WINOGRAD_TILE; i++) {
        if (i >= height) continue;
        sd_v row[SD_WINOGRAD_SIDE], y[SD_WINOGRAD_TILE];
        SD_UNROLL
        for (size_t j = 0; j < SD_WINOGRAD_SIDE; j++) row[j] = columns[j][i];
        sd_winograd_output(row, y);
        SD_UNROLL
        for (size_t j = 0; j < SD_WINOGRAD_TILE; j++) {
          if (j >= width) continue;
          sd_v sum = sd_v_activated(sd_v_add(y[j], bias), &activation);
          if (args->residual) {
            const float *residual = args->residual + (top + i) * args->residual_row_stride +
                                    (left + j) * args->residual_pixel_stride + c;
            sum = sd_v_add(sum, sd_winograd_load(residual, count));
          }
          float *place = args->y + (top + i) * args->y_row_stride +
                         (left + j) * args->y_pixel_stride + c;
          if (count == SD_LANES) {
            sd_v_store(place, sum);
          } else {
            sd_v_store_first(place, count, sum);
          }
        }
      }
    }
  }
}

SD_TARGET_END
