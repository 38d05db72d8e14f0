// The matrix product's micro-kernel: SD_TILE_ROWS rows by SD_TILE_VECTORS vectors of columns stay
// in registers along all of k. Included once for each tile, see simd/tile_begin.h. For tiles with
// half a vector of columns more, also
//   #define SD_TILE_HALF 1
//
// Each height below SD_TILE_ROWS has its own code, so rows are divided evenly: with tiles of at
// most six rows, 25 rows run as five tiles of five, not as four of six and a slow one of one.
//
// The sums of half a vector of columns fill a whole vector: even lanes sum the even elements of k,
// odd lanes the odd ones, and neighbours are added at the end.

#include "../simd/tile_begin.h"

SD_TARGET_BEGIN

#ifndef SD_TILE_HALF
#define SD_TILE_HALF 0
#endif
#define SD_TILE_SUMS (SD_TILE_VECTORS + SD_TILE_HALF)
#define SD_TILE_WIDTH (SD_TILE_VECTORS * SD_LANES + SD_TILE_HALF * SD_LANES / 2)
#define SD_TILE_DEPTH (1 + SD_TILE_HALF)              // elements of k in a step
#define SD_TILE_STEP (SD_TILE_DEPTH * SD_TILE_WIDTH)  // weights of a step
#define SD_TILE_LINE 16                               // floats of a cache line

// Where a tile reads and writes.
typedef struct {
  const float *a;
  const float *b;
  const float *bias;
  const float *residual;
  float *c;
  size_t columns;
  const float *next;   // the part of the next panel that this tile prefetches
  const float *panel;  // the start of the next panel
  size_t lines;       // elements that a tile prefetches: a cache line in each step
} sd_tile;

SD_INLINE sd_v sd_tile_load(const float *p, size_t j, size_t columns, bool is_full) {
  const size_t at = j * SD_LANES;
  if (is_full || at + SD_LANES <= columns) return sd_v_load(p + at);
  return at < columns ? sd_v_load_first(p + at, columns - at) : sd_v_set1(0.0f);
}

SD_INLINE void sd_tile_store(float *p, size_t j, size_t columns, bool is_full, sd_v v) {
  const size_t at = j * SD_LANES;
  if (is_full || at + SD_LANES <= columns) {
    sd_v_store(p + at, v);
  } else if (at < columns) {
    sd_v_store_first(p + at, columns - at, v);
  }
}

// Adds the products of the next elements of each row of A with the next rows of B.
SD_INLINE void sd_tile_step(
    const float *a, size_t lda, const float *b, const size_t rows, sd_v sum[][SD_TILE_SUMS]) {
  sd_v w[SD_TILE_DEPTH][SD_TILE_SUMS];
  SD_UNROLL
  for (size_t t = 0; t < SD_TILE_DEPTH; t++) {
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_VECTORS; j++) {
      w[t][j] = sd_v_load(b + (t * SD_TILE_VECTORS + j) * SD_LANES);
    }
  }
#if SD_TILE_HALF
  w[0][SD_TILE_VECTORS] = sd_v_load(b + SD_TILE_DEPTH * SD_TILE_VECTORS * SD_LANES);
#endif
  SD_UNROLL
  for (size_t i = 0; i < rows; i++) {
    SD_UNROLL
    for (size_t t = 0; t < SD_TILE_DEPTH; t++) {
#if SD_TILE_VECTORS > 0
      const sd_v x = sd_v_set1(a[i * lda + t]);
      SD_UNROLL
      for (size_t j = 0; j < SD_TILE_VECTORS; j++) sum[i][j] = sd_v_fma(x, w[t][j], sum[i][j]);
#endif
    }
#if SD_TILE_HALF
    sum[i][SD_TILE_VECTORS] =
        sd_v_fma(sd_v_pair(a + i * lda), w[0][SD_TILE_VECTORS], sum[i][SD_TILE_VECTORS]);
#endif
  }
}

#define SD_TILE_ARGS sd_f32_gemm_args
#define SD_TILE_NUMBER float
#include "../simd/tile_products.h"

#include "../simd/tile_activation.h"

SD_INLINE void sd_tile_finish(
    const sd_f32_gemm_args *args, const sd_tile *tile, const size_t rows, const bool is_full,
    sd_v sum[][SD_TILE_SUMS]) {
  const size_t columns = tile->columns;
#if SD_TILE_HALF
  const sd_v bias = sd_tile_load(tile->bias, SD_TILE_VECTORS, columns, is_full);
  SD_UNROLL
  for (size_t i = 0; i < rows; i++) {
    sum[i][SD_TILE_VECTORS] = sd_v_add(sd_v_folded(sum[i][SD_TILE_VECTORS]), bias);
  }
#endif
  sd_tile_activate(args->activation, rows, sum);
  if (tile->residual) {
    const float *residual = tile->residual;
    const size_t ldr = args->ldr;
    SD_FOR_TILE(i, j) {
      sum[i][j] = sd_v_add(sum[i][j], sd_tile_load(residual + i * ldr, j, columns, is_full));
    }
  }
  // Copies, because for all the compiler knows a store changes *tile or *args.
  float *const c = tile->c;
  const size_t ldc = args->ldc;
  SD_FOR_TILE(i, j) sd_tile_store(c + i * ldc, j, columns, is_full, sum[i][j]);
}

SD_INLINE void sd_tile_run(const sd_f32_gemm_args *args, const sd_tile *tile, const size_t rows) {
  // A half vector counts as a whole one here: its padding is written as well.
  const bool is_full = tile->columns == SD_TILE_SUMS * SD_LANES;
  sd_v sum[SD_TILE_ROWS][SD_TILE_SUMS];
  sd_v bias[SD_TILE_SUMS];
  if (is_full) {
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_VECTORS; j++) bias[j] = sd_v_load(tile->bias + j * SD_LANES);
  } else {
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_VECTORS; j++) {
      bias[j] = sd_tile_load(tile->bias, j, tile->columns, false);
    }
  }
  if (SD_TILE_HALF) bias[SD_TILE_SUMS - 1] = sd_v_set1(0.0f);
  SD_FOR_TILE(i, j) sum[i][j] = bias[j];
  if (rows == 1) {
    sd_tile_products_of_row(args, tile, sum);
  } else {
    sd_tile_products(args, tile, rows, sum);
  }
  if (is_full) {
    sd_tile_finish(args, tile, rows, true, sum);
  } else {
    sd_tile_finish(args, tile, rows, false, sum);
  }
}

SD_INLINE void sd_tile_advance(const sd_f32_gemm_args *args, sd_tile *tile, const size_t rows) {
  tile->a += rows * args->lda;
  if (tile->residual) tile->residual += rows * args->ldr;
  tile->c += rows * args->ldc;
}

#include "../simd/tile_heights.h"

void SD_TILE_KERNEL(f32_gemm)(
    const sd_f32_gemm_args *args, size_t row_begin, size_t row_end, size_t column, size_t columns) {
  const size_t k = args->segments * args->k;
  sd_tile tile = {
      .a = args->a + row_begin * args->lda,
      .b = args->b + column * k,
      .bias = args->bias + column,
      .residual = args->residual ? args->residual + row_begin * args->ldr + column : NULL,
      .c = args->c + row_begin * args->ldc + column,
      .columns = columns,
      .lines = k / SD_TILE_DEPTH * SD_TILE_LINE,
  };
  // Weights of layers lie one after the other, so the last panel is followed by the next layer's.
  tile.next = tile.panel = tile.b + SD_TILE_WIDTH * k;
  sd_tile_all(args, &tile, row_end - row_begin);
}

SD_TARGET_END

#include "../simd/tile_end.h"
