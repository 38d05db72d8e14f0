// Tiles of the bfloat16 depthwise convolution, one or two rows high, over strips of interleaved
// rows.
#include "../sd_kernels_internal.h"

SD_TARGET_BEGIN

enum {
  SD_TILE_COLUMNS = 5,               // divides the widths of maps from 300 and 320 pixels
  SD_STRIP_PIXEL = 2 * SD_LANES,     // numbers in a pixel of a strip, for one group
  SD_STRIP_GROUPS = 2,               // so that input is read in whole cache lines
  SD_MOST_STRIPS = 3,
  SD_STRIPS_PIXELS = 3 * 80,         // in all strips of a group: 15 KiB
};

// One group of channels of one or two rows of outputs.
typedef struct {
  const sd_bf16 *x[SD_MOST_STRIPS];
  const sd_bf16 *weights;  // [2][strips][kernel][SD_LANES][2]: first row, second row
  const float *bias;
  sd_bf16 *y;
  size_t columns;
} sd_strips;

SD_INLINE void sd_tile_store(
    const sd_bf16_depthwise_args *args, const sd_v_activation *activation, const size_t rows,
    const size_t width, sd_v sum[][SD_TILE_COLUMNS], sd_bf16 *y) {
  SD_UNROLL
  for (size_t r = 0; r < rows; r++) {
    SD_UNROLL
    for (size_t q = 0; q < width; q++) {
      sd_v_store_bf16(
          y + r * args->y_row_stride + q * args->y_pixel_stride,
          sd_v_activated(sum[r][q], activation));
    }
  }
}

// Sums of `rows` x `width` outputs, whose first window begins at column `at` of the strips.
SD_INLINE void sd_tile(
    const size_t kernel, const size_t stride, const size_t rows, const size_t width,
    const sd_strips *strips, size_t at, sd_v bias, sd_v sum[][SD_TILE_COLUMNS]) {
  const size_t count = (kernel + 1) / 2;
  SD_UNROLL
  for (size_t r = 0; r < rows; r++) {
    SD_UNROLL
    for (size_t q = 0; q < width; q++) sum[r][q] = bias;
  }
  SD_UNROLL
  for (size_t p = 0; p < count; p++) {
    const sd_bf16 *x = strips->x[p] + at * SD_STRIP_PIXEL;
    sd_pairs w[2][5];
    SD_UNROLL
    for (size_t r = 0; r < rows; r++) {
      SD_UNROLL
      for (size_t j = 0; j < kernel; j++) {
        w[r][j] = sd_pairs_load(strips->weights + ((r * count + p) * kernel + j) * SD_STRIP_PIXEL);
      }
    }
    SD_UNROLL
    for (size_t column = 0; column < (width - 1) * stride + kernel; column++) {
      const sd_pairs v = sd_pairs_load(x + column * SD_STRIP_PIXEL);
      SD_UNROLL
      for (size_t q = 0; q < width; q++) {
        const size_t j = column - q * stride;  // wraps if output q does not reach it
        SD_UNROLL
        for (size_t r = 0; r < rows; r++) {
          if (j < kernel) sum[r][q] = sd_v_dot(sum[r][q], v, w[r][j]);
        }
      }
    }
  }
}

// One or two rows of outputs. The last tile overlaps the one before rather than being narrower.
SD_INLINE void sd_row_of_tiles(
    const size_t kernel, const size_t stride, const size_t rows,
    const sd_bf16_depthwise_args *args, const sd_strips *strips) {
  const sd_v_activation activation = sd_v_activation_of(args->activation);
  const sd_v bias = sd_v_load(strips->bias);
  const size_t width = strips->columns < SD_TILE_COLUMNS ? 1 : SD_TILE_COLUMNS;
  for (size_t q = 0; q < strips->columns; q += width) {
    const size_t column = q + width > strips->columns ? strips->columns - width : q;
    const size_t at = column * stride;
    sd_bf16 *y = strips->y + column * args->y_pixel_stride;
    sd_v sum[2][SD_TILE_COLUMNS];
    if (width == SD_TILE_COLUMNS) {
      sd_tile(kernel, stride, rows, SD_TILE_COLUMNS, strips, at, bias, sum);
      sd_tile_store(args, &activation, rows, SD_TILE_COLUMNS, sum, y);
    } else {
      sd_tile(kernel, stride, rows, 1, strips, at, bias, sum);
      sd_tile_store(args, &activation, rows, 1, sum, y);
    }
  }
}

typedef void sd_rows_fn(const sd_bf16_depthwise_args *args, const sd_strips *strips);

// Tiles for a kernel and stride: as high as they get, and one row high.
typedef struct {
  sd_rows_fn *all, *one;
} sd_tiles;

#define SD_ROWS(kernel, stride, rows)                                      \
  static void sd_rows_##kernel##_##stride##_##rows(                        \
      const sd_bf16_depthwise_args *args, const sd_strips *strips) {       \
    sd_row_of_tiles(kernel, stride, rows, args, strips);                   \
  }
SD_ROWS(3, 1, 1)
SD_ROWS(3, 1, 2)
SD_ROWS(3, 2, 1)
SD_ROWS(5, 1, 1)
SD_ROWS(5, 1, 2)
SD_ROWS(5, 2, 1)

static const sd_tiles *sd_tiles_of(size_t kernel, size_t stride) {
  static const sd_tiles tiles[2][2] = {
      {{sd_rows_3_1_2, sd_rows_3_1_1}, {sd_rows_3_2_1, sd_rows_3_2_1}},
      {{sd_rows_5_1_2, sd_rows_5_1_1}, {sd_rows_5_2_1, sd_rows_5_2_1}},
  };
  if ((kernel != 3 && kernel != 5) || stride < 1 || stride > 2) return NULL;
  return &tiles[kernel == 5][stride - 1];
}

SD_TARGET_END
