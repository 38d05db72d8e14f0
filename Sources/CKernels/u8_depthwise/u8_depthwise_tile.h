// Tiles over a strip: up to SD_TILE_COLUMNS outputs wide and one or two rows high. The vectors of a
// block follow one another, so that sums of one overlap with turning the previous one's into bytes.

SD_TARGET_BEGIN

// Sums of vector v of `rows` x `width` outputs.
SD_INLINE void sd_tile_sums(
    const sd_strip *strip, const uint8_t *quads, const size_t kernel, const size_t stride,
    const size_t rows, const size_t width, const size_t v, sd_i sum[SD_ROWS][SD_TILE_COLUMNS]) {
  const int8_t *weights = strip->packed.weights + v * SD_BYTES;
  const uint8_t *x = quads + v * SD_BYTES;
  const sd_i offset = sd_i_load(strip->packed.offset + v * SD_LANES);
  SD_UNROLL
  for (size_t r = 0; r < rows; r++) {
    SD_UNROLL
    for (size_t q = 0; q < width; q++) sum[r][q] = offset;
  }
  const size_t quad_rows = (kernel + rows - 1 + SD_QUAD - 1) / SD_QUAD;
  const size_t next_row = sd_quads_of(kernel) * kernel * SD_COLUMN_BYTES;
  SD_UNROLL
  for (size_t i = 0; i < quad_rows; i++) {
    SD_UNROLL
    for (size_t at = 0; at < (width - 1) * stride + kernel; at++) {
      const sd_quads quad = sd_quads_load(x + at * SD_COLUMN_BYTES);
      SD_UNROLL
      for (size_t r = 0; r < rows; r++) {
        SD_UNROLL
        for (size_t q = 0; q < width; q++) {
          const size_t j = at - q * stride;  // wraps if output q does not reach `at`
          if (j >= kernel) continue;
          const int8_t *w = weights + r * next_row + j * SD_COLUMN_BYTES;
          sum[r][q] = sd_i_dot(sum[r][q], quad, sd_weights_load(w));
        }
      }
    }
    x += strip->columns * SD_COLUMN_BYTES;
    weights += kernel * SD_COLUMN_BYTES;
  }
}

// Turns the sums of vector v into rounded outputs, not yet clamped.
SD_INLINE void sd_tile_round(
    const sd_strip *strip, const size_t rows, const size_t width, const size_t v,
    const sd_activation activation, sd_i sum[SD_ROWS][SD_TILE_COLUMNS]) {
  const sd_v step = sd_v_set1(strip->args->step), zero = sd_v_set1(strip->args->out_zero);
  const sd_v scale = sd_v_load(strip->packed.scale + v * SD_LANES);
  const sd_v bias = sd_v_load(strip->packed.bias + v * SD_LANES);
  SD_UNROLL
  for (size_t r = 0; r < rows; r++) {
    SD_UNROLL
    for (size_t q = 0; q < width; q++) {
      sd_v x = sd_v_fma(sd_v_of_i(sum[r][q]), scale, bias);
      if (activation != SD_ACTIVATION_NONE) {
        const bool is_swish = activation == SD_ACTIVATION_HARD_SWISH;
        x = sd_v_fma(is_swish ? sd_v_hard_swish(x) : sd_v_hard_sigmoid(x), step, zero);
      }
      sum[r][q] = sd_i_rounded(x);
    }
  }
}

SD_INLINE void sd_tile_numbers(
    const sd_strip *strip, const uint8_t *quads, const size_t kernel, const size_t stride,
    const size_t rows, const size_t width, const size_t v, sd_i sum[SD_ROWS][SD_TILE_COLUMNS]) {
  sd_tile_sums(strip, quads, kernel, stride, rows, width, v, sum);
  const sd_activation activation = strip->args->activation;
  if (activation == SD_ACTIVATION_NONE) {
    sd_tile_round(strip, rows, width, v, SD_ACTIVATION_NONE, sum);
  } else if (activation == SD_ACTIVATION_HARD_SWISH) {
    sd_tile_round(strip, rows, width, v, SD_ACTIVATION_HARD_SWISH, sum);
  } else {
    sd_tile_round(strip, rows, width, v, SD_ACTIVATION_HARD_SIGMOID, sum);
  }
}

// Outputs of vectors v and v + 1 in 16 bits.
SD_INLINE void sd_tile_halves(
    const sd_strip *strip, const uint8_t *quads, const size_t kernel, const size_t stride,
    const size_t rows, const size_t width, const size_t v,
    sd_b halves[SD_ROWS][SD_TILE_COLUMNS]) {
  sd_i first[SD_ROWS][SD_TILE_COLUMNS], second[SD_ROWS][SD_TILE_COLUMNS];
  sd_tile_numbers(strip, quads, kernel, stride, rows, width, v, first);
  sd_tile_numbers(strip, quads, kernel, stride, rows, width, v + 1, second);
  SD_UNROLL
  for (size_t r = 0; r < rows; r++) {
    SD_UNROLL
    for (size_t q = 0; q < width; q++) halves[r][q] = sd_b_halves(first[r][q], second[r][q]);
  }
}

// Stores one output of each part; the last part may not have it.
SD_INLINE void sd_tile_store(
    const sd_strip *strip, const size_t parts, size_t column, uint8_t *y, sd_b bytes) {
  const size_t apart = strip->outputs * strip->args->y_pixel_stride;
  SD_UNROLL
  for (size_t l = 0; l < parts; l++) {
    if (l > 0 && strip->first + column + l * strip->outputs >= strip->last) return;
    sd_b_store_part(y + l * apart, bytes, l, parts);
  }
}

// Outputs column..<column + width of each part of the strip; y points to the first.
SD_INLINE void sd_tile(
    const sd_strip *strip, const size_t kernel, const size_t stride, const size_t rows,
    const size_t width, size_t column, uint8_t *y) {
  const uint8_t *quads = strip->quads + column * strip->args->stride * SD_COLUMN_BYTES;
  sd_b first[SD_ROWS][SD_TILE_COLUMNS], second[SD_ROWS][SD_TILE_COLUMNS];
  sd_tile_halves(strip, quads, kernel, stride, rows, width, 0, first);
  sd_tile_halves(strip, quads, kernel, stride, rows, width, 2, second);
  const uint8_t low = strip->args->low, high = strip->args->high;
  const size_t row_stride = strip->args->y_row_stride, pixel = strip->args->y_pixel_stride;
  SD_UNROLL
  for (size_t r = 0; r < rows; r++) {
    SD_UNROLL
    for (size_t q = 0; q < width; q++) {
      const sd_b bytes = sd_b_joined(first[r][q], second[r][q], low, high);
      uint8_t *to = y + r * row_stride + q * pixel;
      if (strip->shift == 0) {
        sd_tile_store(strip, 1, column + q, to, bytes);
#if SD_MAX_PARTS >= 2
      } else if (strip->shift == 1) {
        sd_tile_store(strip, 2, column + q, to, bytes);
#endif
#if SD_MAX_PARTS >= 4
      } else {
        sd_tile_store(strip, 4, column + q, to, bytes);
#endif
      }
    }
  }
}

typedef void sd_tile_fn(const sd_strip *strip, size_t column, uint8_t *y);

// Tiles for a kernel and stride, by width - 1.
typedef struct {
  size_t widest;
  sd_tile_fn *const *row, *const *pair;  // one row high, two rows high; `pair` may be NULL
} sd_tiles;

#define SD_TILE(kernel, stride, rows, width)                                             \
  static void sd_tile_##kernel##_##stride##_##rows##_##width(                            \
      const sd_strip *strip, size_t column, uint8_t *y) {                                \
    sd_tile(strip, kernel, stride, rows, width, column, y);                              \
  }
#define SD_TILES(kernel, stride, rows)                                                   \
  SD_TILE(kernel, stride, rows, 1)                                                       \
  SD_TILE(kernel, stride, rows, 2)                                                       \
  SD_TILE(kernel, stride, rows, 3)                                                       \
  SD_TILE(kernel, stride, rows, 4)                                                       \
  static sd_tile_fn *const sd_tiles_##kernel##_##stride##_##rows[SD_TILE_COLUMNS] = {    \
      sd_tile_##kernel##_##stride##_##rows##_1, sd_tile_##kernel##_##stride##_##rows##_2, \
      sd_tile_##kernel##_##stride##_##rows##_3, sd_tile_##kernel##_##stride##_##rows##_4, \
  };
SD_TILES(3, 1, 1)
SD_TILES(3, 1, 2)
SD_TILES(3, 2, 1)
SD_TILES(5, 1, 1)
SD_TILES(5, 1, 2)
SD_TILES(5, 2, 1)

// Tiles of a single output do not depend on the stride.
static const sd_tiles sd_tiles_3[] = {
    {SD_TILE_COLUMNS, sd_tiles_3_1_1, sd_tiles_3_1_2},
    {SD_TILE_COLUMNS, sd_tiles_3_2_1, NULL},
    {1, sd_tiles_3_1_1, NULL},
};
static const sd_tiles sd_tiles_5[] = {
    {SD_TILE_COLUMNS, sd_tiles_5_1_1, sd_tiles_5_1_2},
    {SD_TILE_COLUMNS, sd_tiles_5_2_1, NULL},
    {1, sd_tiles_5_1_1, NULL},
};

static const sd_tiles *sd_tiles_of(size_t kernel, size_t stride) {
  if (!sd_has_tiles(kernel)) return NULL;
  return (kernel == 3 ? sd_tiles_3 : sd_tiles_5) + (stride > 2 ? 2 : stride - 1);
}

SD_TARGET_END
