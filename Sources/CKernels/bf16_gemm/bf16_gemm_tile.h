// The micro-kernel of the bfloat16 product: SD_TILE_ROWS rows by SD_TILE_VECTORS vectors of columns
// stay in registers along all of k, 2 numbers a step. Included once for each tile, see
// simd/tile_begin.h.

#include "../simd/tile_begin.h"

SD_TARGET_BEGIN

#define SD_TILE_SUMS SD_TILE_VECTORS
#define SD_TILE_WIDTH (SD_TILE_VECTORS * SD_LANES)
#define SD_TILE_DEPTH 2                               // elements of k in a step
#define SD_TILE_STEP (SD_TILE_DEPTH * SD_TILE_WIDTH)  // weights of a step
#define SD_TILE_LINE 32                               // weights in a cache line

// Where a tile reads and writes.
typedef struct {
  const sd_bf16 *a;
  const sd_bf16 *b;
  const float *bias;
  const sd_bf16 *residual;
  sd_bf16 *c;
  float *c_f32;
  size_t columns;
  const sd_bf16 *next;   // the part of the next panel that this tile prefetches
  const sd_bf16 *panel;  // the start of the next panel
  size_t lines;         // elements that a tile prefetches: a cache line in each step
} sd_tile;

// Adds the products of one pair of each row of A with its weights.
SD_INLINE void sd_tile_step(
    const sd_bf16 *a, size_t lda, const sd_bf16 *b, const size_t rows,
    sd_v sum[][SD_TILE_SUMS]) {
  sd_pairs w[SD_TILE_VECTORS];
  SD_UNROLL
  for (size_t j = 0; j < SD_TILE_VECTORS; j++) {
    w[j] = sd_pairs_load(b + j * SD_LANES * SD_TILE_DEPTH);
  }
  SD_UNROLL
  for (size_t i = 0; i < rows; i++) {
    const sd_pairs x = sd_pairs_set1(a + i * lda);
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_VECTORS; j++) sum[i][j] = sd_v_dot(sum[i][j], x, w[j]);
  }
}

#define SD_TILE_ARGS sd_bf16_gemm_args
#define SD_TILE_NUMBER sd_bf16
#include "../simd/tile_products.h"

SD_TARGET_END

#include "bf16_gemm_finish.h"

SD_TARGET_BEGIN

SD_INLINE void sd_tile_run(const sd_bf16_gemm_args *args, const sd_tile *tile, const size_t rows) {
  sd_v sum[SD_TILE_ROWS][SD_TILE_SUMS];
  SD_UNROLL
  for (size_t j = 0; j < SD_TILE_VECTORS; j++) {
    const sd_v bias = sd_tile_bias(tile, j);
    SD_UNROLL
    for (size_t i = 0; i < rows; i++) sum[i][j] = bias;
  }
  if (rows == 1) {
    sd_tile_products_of_row(args, tile, sum);
  } else {
    sd_tile_products(args, tile, rows, sum);
  }
  if (tile->columns == SD_TILE_WIDTH) {
    sd_tile_finish(args, tile, rows, true, sum);
  } else {
    sd_tile_finish(args, tile, rows, false, sum);
  }
}

SD_INLINE void sd_tile_advance(const sd_bf16_gemm_args *args, sd_tile *tile, const size_t rows) {
  tile->a += rows * args->lda;
  if (tile->residual) tile->residual += rows * args->ldr;
  if (tile->c_f32) {
    tile->c_f32 += rows * args->ldc;
  } else {
    tile->c += rows * args->ldc;
  }
}

#include "../simd/tile_heights.h"

void SD_TILE_KERNEL(bf16_gemm)(
    const sd_bf16_gemm_args *args, size_t row_begin, size_t row_end, size_t column,
    size_t columns) {
  const size_t depth = sd_bf16_gemm_depth(args->segments, args->k);
  sd_tile tile = {
      .a = args->a + row_begin * args->lda,
      .b = args->b + column * depth,
      .bias = args->bias + column,
      .residual = args->residual ? args->residual + row_begin * args->ldr + column : NULL,
      .columns = columns,
      .lines = depth / SD_TILE_DEPTH * SD_TILE_LINE,
  };
  if (args->c_f32) {
    tile.c_f32 = args->c_f32 + row_begin * args->ldc + column;
  } else {
    tile.c = args->c + row_begin * args->ldc + column;
  }
  tile.next = tile.panel = tile.b + SD_TILE_WIDTH * depth;
  sd_tile_all(args, &tile, row_end - row_begin);
}

SD_TARGET_END

#include "../simd/tile_end.h"
