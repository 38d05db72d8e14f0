// Depthwise convolution.
//
// Channels are split into blocks whose weights and window of input rows fit into the first-level
// cache. Within a block, a tile is up to 4 outputs wide and 2 rows high, and its outputs share what
// they load. Tiles at the left and right border skip the columns outside the input. Window sizes
// and strides without tiles run pixel by pixel.
#include "../simd/window.h"

SD_TARGET_BEGIN

enum {
  SD_TILE_COLUMNS = 4,
  SD_BLOCK_CHANNELS = 128,  // fastest on Zen 5, of 32, 64, 128, 256 and all
  SD_PIXEL_VECTORS = 4,
  SD_LARGEST_KERNEL = 5,  // that has tiles
};

// A block of channels.
typedef struct {
  const sd_f32_depthwise_args *args;
  size_t begin, end;
  sd_v_activation activation;
} sd_block;

// Columns begin..<end.
typedef struct {
  size_t begin, end;
} sd_span;

SD_INLINE void sd_pixel_vectors(
    const sd_block *block, size_t c, const size_t vectors, sd_window_side rows,
    sd_window_side columns, float *y) {
  const sd_f32_depthwise_args *args = block->args;
  sd_v sum[SD_PIXEL_VECTORS];
  SD_UNROLL
  for (size_t v = 0; v < vectors; v++) sum[v] = sd_v_load(args->bias + c + v * SD_LANES);
  for (size_t i = rows.begin; i < rows.end; i++) {
    const float *x = args->x + (rows.position + i - rows.begin) * args->x_row_stride +
                     columns.position * args->x_pixel_stride + c;
    const float *w = args->w + (i * args->kernel + columns.begin) * args->channels + c;
    for (size_t j = columns.begin; j < columns.end; j++) {
      SD_UNROLL
      for (size_t v = 0; v < vectors; v++) {
        const size_t at = v * SD_LANES;
        sum[v] = sd_v_fma(sd_v_load(x + at), sd_v_load(w + at), sum[v]);
      }
      x += args->x_pixel_stride;
      w += args->channels;
    }
  }
  SD_UNROLL
  for (size_t v = 0; v < vectors; v++) {
    sd_v_store(y + c + v * SD_LANES, sd_v_activated(sum[v], &block->activation));
  }
}

// One row, pixel by pixel, with any part of each window inside the input.
static void sd_pixels(const sd_block *block, size_t row) {
  const sd_f32_depthwise_args *args = block->args;
  const sd_window_side rows =
      sd_window_side_of(row, args->stride, args->pad_top, args->kernel, args->in_height);
  for (size_t column = 0; column < args->out_width; column++) {
    const sd_window_side columns =
        sd_window_side_of(column, args->stride, args->pad_left, args->kernel, args->in_width);
    float *y = args->y + row * args->y_row_stride + column * args->y_pixel_stride;
    size_t c = block->begin;
    for (; c + SD_PIXEL_VECTORS * SD_LANES <= block->end; c += SD_PIXEL_VECTORS * SD_LANES) {
      sd_pixel_vectors(block, c, SD_PIXEL_VECTORS, rows, columns, y);
    }
    for (; c < block->end; c += SD_LANES) sd_pixel_vectors(block, c, 1, rows, columns, y);
  }
}

// `width` outputs of one row. Of their windows only `rows` lie inside the input, and at an edge
// only `columns`, counted from the tile's first input column.
SD_INLINE void sd_row_tile(
    const sd_block *block, const size_t kernel, const size_t stride, const size_t width,
    const bool is_edge, sd_span columns, sd_window_side rows, const float *x, float *y) {
  const sd_f32_depthwise_args *args = block->args;
  const size_t channels = args->channels, pixel = args->x_pixel_stride;
  const size_t out_pixel = args->y_pixel_stride, end = block->end;
  const sd_v_activation activation = block->activation;
  for (size_t c = block->begin; c < end; c += SD_LANES) {
    sd_v sum[SD_TILE_COLUMNS];
    const sd_v bias = sd_v_load(args->bias + c);
    SD_UNROLL
    for (size_t q = 0; q < width; q++) sum[q] = bias;
    const float *in = x + c;
    const float *w = args->w + rows.begin * kernel * channels + c;
    for (size_t i = rows.begin; i < rows.end; i++) {
      SD_UNROLL
      for (size_t at = 0; at < (width - 1) * stride + kernel; at++) {
        if (is_edge && (at < columns.begin || at >= columns.end)) continue;
        const sd_v v = sd_v_load(in + at * pixel);
        SD_UNROLL
        for (size_t q = 0; q < width; q++) {
          const size_t j = at - q * stride;  // wraps if output q does not reach `at`
          if (j < kernel) sum[q] = sd_v_fma(v, sd_v_load(w + j * channels), sum[q]);
        }
      }
      in += args->x_row_stride;
      w += kernel * channels;
    }
    SD_UNROLL
    for (size_t q = 0; q < width; q++) {
      sd_v_store(y + q * out_pixel + c, sd_v_activated(sum[q], &activation));
    }
  }
}

// `width` outputs of two rows, all rows of whose windows lie inside the input. Input rows that both
// use are loaded once.
SD_INLINE void sd_pair_tile(
    const sd_block *block, const size_t kernel, const size_t stride, const size_t width,
    const bool is_edge, sd_span columns, const float *x, float *y) {
  const sd_f32_depthwise_args *args = block->args;
  const size_t channels = args->channels, pixel = args->x_pixel_stride, row = args->x_row_stride;
  const size_t out_pixel = args->y_pixel_stride, out_row = args->y_row_stride;
  const size_t end = block->end;
  const float *const weights = args->w, *const biases = args->bias;
  const sd_v_activation activation = block->activation;
  for (size_t c = block->begin; c < end; c += SD_LANES) {
    sd_v sum[2][SD_TILE_COLUMNS];
    const sd_v bias = sd_v_load(biases + c);
    SD_UNROLL
    for (size_t q = 0; q < width; q++) sum[0][q] = sum[1][q] = bias;
    const float *in = x + c;
    const float *w = weights + c;
    sd_v taps[SD_LARGEST_KERNEL][SD_LARGEST_KERNEL];
    SD_UNROLL
    for (size_t above = 0; above < stride + kernel; above++) {
      if (above < kernel) {
        SD_UNROLL
        for (size_t j = 0; j < kernel; j++) taps[above][j] = sd_v_load(w + j * channels);
        w += kernel * channels;
        SD_OPAQUE(w);
      }
      SD_UNROLL
      for (size_t at = 0; at < (width - 1) * stride + kernel; at++) {
        if (is_edge && (at < columns.begin || at >= columns.end)) continue;
        const sd_v v = sd_v_load(in + at * pixel);
        SD_UNROLL
        for (size_t r = 0; r < 2; r++) {
          const size_t i = above - r * stride;  // wraps if row r does not reach `above`
          SD_UNROLL
          for (size_t q = 0; q < width; q++) {
            const size_t j = at - q * stride;
            if (i < kernel && j < kernel) sum[r][q] = sd_v_fma(v, taps[i][j], sum[r][q]);
          }
        }
      }
      in += row;
      SD_OPAQUE(in);
    }
    float *out = y + c;
    SD_UNROLL
    for (size_t r = 0; r < 2; r++) {
      SD_UNROLL
      for (size_t q = 0; q < width; q++) {
        sd_v_store(out + q * out_pixel, sd_v_activated(sum[r][q], &activation));
      }
      out += out_row;
      SD_OPAQUE(out);
    }
  }
}

typedef void sd_row_tile_fn(
    const sd_block *block, sd_span columns, sd_window_side rows, const float *x, float *y);
typedef void sd_pair_tile_fn(const sd_block *block, sd_span columns, const float *x, float *y);

// Tiles for a kernel and stride: [away from the edges, at an edge][width - 1].
typedef struct {
  sd_row_tile_fn *row[2][SD_TILE_COLUMNS];
  sd_pair_tile_fn *pair[2][SD_TILE_COLUMNS];
} sd_tiles;

#define SD_TILES_OF_WIDTH(kernel, stride, width, place, is_edge)                               \
  static void sd_row_##kernel##_##stride##_##width##_##place(                                  \
      const sd_block *block, sd_span columns, sd_window_side rows, const float *x, float *y) { \
    sd_row_tile(block, kernel, stride, width, is_edge, columns, rows, x, y);                   \
  }                                                                                            \
  static void sd_pair_##kernel##_##stride##_##width##_##place(                                 \
      const sd_block *block, sd_span columns, const float *x, float *y) {                      \
    sd_pair_tile(block, kernel, stride, width, is_edge, columns, x, y);                        \
  }
#define SD_TILES_AT(kernel, stride, place, is_edge)    \
  SD_TILES_OF_WIDTH(kernel, stride, 1, place, is_edge) \
  SD_TILES_OF_WIDTH(kernel, stride, 2, place, is_edge) \
  SD_TILES_OF_WIDTH(kernel, stride, 3, place, is_edge) \
  SD_TILES_OF_WIDTH(kernel, stride, 4, place, is_edge)
#define SD_TILE_NAMES(name, place) \
  {name##_1_##place, name##_2_##place, name##_3_##place, name##_4_##place}
#define SD_BOTH_PLACES(name) {SD_TILE_NAMES(name, inner), SD_TILE_NAMES(name, edge)}
#define SD_TILES(kernel, stride)                          \
  SD_TILES_AT(kernel, stride, inner, false)               \
  SD_TILES_AT(kernel, stride, edge, true)                 \
  static const sd_tiles sd_tiles_##kernel##_##stride = {  \
      .row = SD_BOTH_PLACES(sd_row_##kernel##_##stride),  \
      .pair = SD_BOTH_PLACES(sd_pair_##kernel##_##stride), \
  };
SD_TILES(3, 1)
SD_TILES(3, 2)
SD_TILES(5, 1)
SD_TILES(5, 2)

static const sd_tiles *sd_tiles_of(size_t kernel, size_t stride) {
  if (kernel == 3 && stride == 1) return &sd_tiles_3_1;
  if (kernel == 3 && stride == 2) return &sd_tiles_3_2;
  if (kernel == 5 && stride == 1) return &sd_tiles_5_1;
  if (kernel == 5 && stride == 2) return &sd_tiles_5_2;
  return NULL;
}

// The input columns inside the input, for a tile of `width` outputs from `column` on.
static sd_span sd_columns_of_tile(const sd_f32_depthwise_args *args, size_t column, size_t width) {
  const size_t first = column * args->stride, end = args->in_width + args->pad_left;
  const size_t all = (width - 1) * args->stride + args->kernel;
  sd_span columns = {
      .begin = args->pad_left > first ? args->pad_left - first : 0,
      .end = end > first ? end - first : 0,
  };
  if (columns.end > all) columns.end = all;
  return columns;
}

// Rows row..<row + height, height 1 or 2.
static void sd_rows(
    const sd_block *block, const sd_tiles *tiles, size_t row, size_t height) {
  const sd_f32_depthwise_args *args = block->args;
  const sd_window_side rows =
      sd_window_side_of(row, args->stride, args->pad_top, args->kernel, args->in_height);
  const float *line = args->x + rows.position * args->x_row_stride;
  float *y = args->y + row * args->y_row_stride;
  size_t width;
  size_t left = (args->out_width + SD_TILE_COLUMNS - 1) / SD_TILE_COLUMNS;
  for (size_t column = 0; column < args->out_width; column += width, left--) {
    width = (args->out_width - column + left - 1) / left;
    const sd_span columns = sd_columns_of_tile(args, column, width);
    const bool is_edge =
        columns.begin > 0 || columns.end < (width - 1) * args->stride + args->kernel;
    // Points before the row where columns are missing on the left; those are never read.
    const float *x = line + column * args->stride * args->x_pixel_stride -
                     args->pad_left * args->x_pixel_stride;
    if (height == 2) {
      tiles->pair[is_edge][width - 1](block, columns, x, y);
    } else {
      tiles->row[is_edge][width - 1](block, columns, rows, x, y);
    }
    y += width * args->y_pixel_stride;
  }
}

static void sd_depthwise_block(const sd_block *block) {
  const sd_f32_depthwise_args *args = block->args;
  const sd_tiles *tiles = sd_tiles_of(args->kernel, args->stride);
  if (!tiles) {
    for (size_t row = args->row_begin; row < args->row_end; row++) sd_pixels(block, row);
    return;
  }
  const sd_inner_outputs rows = sd_inner_outputs_of(
      args->row_end, args->stride, args->pad_top, args->kernel, args->in_height);
  size_t height;
  for (size_t row = args->row_begin; row < args->row_end; row += height) {
    height = row >= rows.first && row + 2 <= rows.last ? 2 : 1;
    sd_rows(block, tiles, row, height);
  }
}

void SD_NAME(f32_depthwise)(const sd_f32_depthwise_args *args) {
  sd_block block = {.args = args, .activation = sd_v_activation_of(args->activation)};
  for (; block.begin < args->channels; block.begin = block.end) {
    block.end = block.begin + SD_BLOCK_CHANNELS;
    if (block.end > args->channels) block.end = args->channels;
    sd_depthwise_block(&block);
  }
}

SD_TARGET_END
