// The byte product's micro-kernel: SD_TILE_ROWS rows by SD_TILE_VECTORS vectors of columns stay in
// registers along all of k, 4 bytes a step. Included once for each tile, see simd/tile_begin.h.
// Where u8_gemm_short.h is faster for a short k, also define its height,
//   #define SD_TILE_SHORT_ROWS 3

#include "../simd/tile_begin.h"

SD_TARGET_BEGIN

#define SD_TILE_WIDTH (SD_TILE_VECTORS * SD_LANES)
#define SD_TILE_STEP (SD_TILE_WIDTH * SD_QUAD)  // bytes of weights
#define SD_TILE_LINE 64                         // bytes of a cache line

// Where a tile reads and writes.
typedef struct {
  const uint8_t *a;
  sd_u8_gemm_packed packed;
  const uint8_t *residual;
  uint8_t *c;
  float *c_f32;
  size_t columns;
  const int8_t *next;   // the part of the next panel that this tile prefetches
  const int8_t *panel;  // the start of the next panel
  size_t lines;        // elements that a tile prefetches: a cache line in each step
} sd_tile;

// Sets the sums to the offsets of their columns.
SD_INLINE void sd_tile_start(
    const sd_tile *tile, const size_t rows, sd_i sum[][SD_TILE_VECTORS]) {
  SD_UNROLL
  for (size_t j = 0; j < SD_TILE_VECTORS; j++) {
    const sd_i offset = sd_i_load(tile->packed.offset + j * SD_LANES);
    SD_UNROLL
    for (size_t i = 0; i < rows; i++) sum[i][j] = offset;
  }
}

// Adds the products of one quad of each row of A with its weights.
SD_INLINE void sd_tile_step(
    const uint8_t *a, size_t lda, const int8_t *weights, const size_t rows,
    sd_i sum[][SD_TILE_VECTORS]) {
  sd_weights w[SD_TILE_VECTORS];
  SD_UNROLL
  for (size_t j = 0; j < SD_TILE_VECTORS; j++) {
    w[j] = sd_weights_load(weights + j * SD_LANES * SD_QUAD);
  }
  SD_UNROLL
  for (size_t i = 0; i < rows; i++) {
    const sd_quads x = sd_quads_set1(a + i * lda);
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_VECTORS; j++) sum[i][j] = sd_i_dot(sum[i][j], x, w[j]);
  }
}

SD_INLINE void sd_tile_products(
    const sd_u8_gemm_args *args, const sd_tile *tile, const size_t rows,
    sd_i sum[][SD_TILE_VECTORS]) {
  const size_t k = args->k, lda = args->lda;
  const uint8_t *a = tile->a;
  const int8_t *w = tile->packed.weights;
  const int8_t *next = tile->next;
  for (size_t s = 0; s < args->segments; s++, a += args->segment_stride) {
    for (size_t p = 0; p < k; p += SD_QUAD, w += SD_TILE_STEP, next += SD_TILE_LINE) {
      SD_PREFETCH(next);
      sd_tile_step(a + p, lda, w, rows, sum);
    }
  }
}

// The same for one row, which has so few sums that each addition would wait for the one before.
// Four quads therefore add to four sets of sums.
SD_INLINE void sd_tile_products_of_row(
    const sd_u8_gemm_args *args, const sd_tile *tile, sd_i sum[][SD_TILE_VECTORS]) {
  enum { SETS = 4 };
  sd_i sums[SETS][1][SD_TILE_VECTORS];
  SD_UNROLL
  for (size_t t = 0; t < SETS; t++) {
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_VECTORS; j++) sums[t][0][j] = t ? sd_i_zero() : sum[0][j];
  }
  const uint8_t *a = tile->a;
  const int8_t *w = tile->packed.weights;
  for (size_t s = 0; s < args->segments; s++, a += args->segment_stride) {
    size_t p = 0;
    for (; p + SETS * SD_QUAD <= args->k; p += SETS * SD_QUAD, w += SETS * SD_TILE_STEP) {
      SD_UNROLL
      for (size_t t = 0; t < SETS; t++) {
        sd_tile_step(a + p + t * SD_QUAD, 0, w + t * SD_TILE_STEP, 1, sums[t]);
      }
    }
    for (; p < args->k; p += SD_QUAD, w += SD_TILE_STEP) sd_tile_step(a + p, 0, w, 1, sums[0]);
  }
  SD_UNROLL
  for (size_t j = 0; j < SD_TILE_VECTORS; j++) {
    const sd_i low = sd_i_add(sums[0][0][j], sums[1][0][j]);
    sum[0][j] = sd_i_add(low, sd_i_add(sums[2][0][j], sums[3][0][j]));
  }
}

SD_TARGET_END

#include "u8_gemm_finish.h"
#ifdef SD_TILE_SHORT_ROWS
#include "u8_gemm_short.h"
#endif

SD_TARGET_BEGIN

SD_INLINE void sd_tile_run(
    const sd_u8_gemm_args *args, const sd_tile *tile, const size_t rows) {
  sd_i sum[SD_TILE_ROWS][SD_TILE_VECTORS];
  sd_tile_start(tile, rows, sum);
  if (rows == 1) {
    sd_tile_products_of_row(args, tile, sum);
  } else {
    sd_tile_products(args, tile, rows, sum);
  }
  sd_tile_finish(args, tile, rows, sum);
}

SD_INLINE void sd_tile_advance(const sd_u8_gemm_args *args, sd_tile *tile, const size_t rows) {
  tile->a += rows * args->lda;
  if (tile->residual) tile->residual += rows * args->ldr;
  if (args->c_f32) {
    tile->c_f32 += rows * args->ldc_f32;
  } else {
    tile->c += rows * args->ldc;
  }
}

#define SD_TILE_ARGS sd_u8_gemm_args
#include "../simd/tile_heights.h"

void SD_TILE_KERNEL(u8_gemm)(
    const sd_u8_gemm_args *args, size_t row_begin, size_t row_end, size_t column, size_t columns) {
  sd_tile tile = {
      .a = args->a + row_begin * args->lda,
      .packed = sd_u8_gemm_packed_at(args, column),
      .residual = args->residual ? args->residual + row_begin * args->ldr + column : NULL,
      .columns = columns,
  };
  if (args->c_f32) {
    tile.c_f32 = args->c_f32 + row_begin * args->ldc_f32 + column;
  } else {
    tile.c = args->c + row_begin * args->ldc + column;
  }
  const size_t steps = args->segments * args->k / SD_QUAD;
  tile.next = tile.panel = tile.packed.weights + SD_TILE_STEP * steps;
  tile.lines = SD_TILE_LINE * steps;
  size_t rows = row_end - row_begin;
#ifdef SD_TILE_SHORT_ROWS
  if (!args->c_f32) rows -= sd_tile_short(args, &tile, rows, steps);
#endif
  sd_tile_all(args, &tile, rows);
}

SD_TARGET_END

#include "../simd/tile_end.h"
