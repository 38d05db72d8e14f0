// The micro-kernel of the product of bfloat16 matrices: SD_TILE_ROWS rows by SD_TILE_VECTORS vectors
// of columns stay in registers while k runs, 2 numbers a step. Included once a file, after the
// vocabulary of an instruction set and
//   #define SD_TILE_ROWS 6       // at most 16
//   #define SD_TILE_VECTORS 4
//   #define SD_TILE_NAME bf16_gemm_6x64
//
// Heights below SD_TILE_ROWS have code of their own, so rows are dealt out evenly, as in f32_gemm.

SD_TARGET_BEGIN

enum {
  SD_PAIR = 2,
  SD_TILE_WIDTH = SD_TILE_VECTORS * SD_LANES,
  SD_TILE_STEP = SD_TILE_WIDTH * SD_PAIR,  // weights
  SD_TILE_LINE = 64 / sizeof(sd_bf16),     // weights in a cache line
};

// Pointers of one tile.
typedef struct {
  const sd_bf16 *a;
  const sd_bf16 *b;
  const float *bias;
  const sd_bf16 *residual;
  sd_bf16 *c;
  float *c_f32;
  size_t columns;
  // What the caches will need after this panel: a line of it is fetched with each step.
  const sd_bf16 *next;
} sd_tile;

// Sums += products of one pair of each row of A with its weights.
SD_INLINE void sd_tile_step(
    const sd_bf16 *a, size_t lda, const sd_bf16 *b, const size_t rows,
    sd_v sum[][SD_TILE_VECTORS]) {
  sd_pairs w[SD_TILE_VECTORS];
  SD_UNROLL
  for (size_t j = 0; j < SD_TILE_VECTORS; j++) w[j] = sd_pairs_load(b + j * SD_LANES * SD_PAIR);
  SD_UNROLL
  for (size_t i = 0; i < rows; i++) {
    const sd_pairs x = sd_pairs_set1(a + i * lda);
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_VECTORS; j++) sum[i][j] = sd_v_dot(sum[i][j], x, w[j]);
  }
}

SD_INLINE void sd_tile_products(
    const sd_bf16_gemm_args *args, const sd_tile *tile, const size_t rows,
    sd_v sum[][SD_TILE_VECTORS]) {
  const size_t k = args->k, lda = args->lda;
  const sd_bf16 *a = tile->a;
  const sd_bf16 *b = tile->b;
  const sd_bf16 *next = tile->next;
  for (size_t s = args->segments; s > 0; s--) {
    for (size_t p = 0; p < k; p += SD_PAIR, b += SD_TILE_STEP, next += SD_TILE_LINE) {
      SD_PREFETCH(next);
      sd_tile_step(a + p, lda, b, rows, sum);
    }
    if (s > 1) a += args->segment_stride;
  }
}

// The same for one row. Its few sums would wait for their own last addition, so four pairs of k go
// to four sets of sums.
SD_INLINE void sd_tile_products_of_row(
    const sd_bf16_gemm_args *args, const sd_tile *tile, sd_v sum[][SD_TILE_VECTORS]) {
  enum { SETS = 4 };
  sd_v sums[SETS][1][SD_TILE_VECTORS];
  SD_UNROLL
  for (size_t t = 0; t < SETS; t++) {
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_VECTORS; j++) sums[t][0][j] = t ? sd_v_set1(0.0f) : sum[0][j];
  }
  const sd_bf16 *a = tile->a;
  const sd_bf16 *b = tile->b;
  for (size_t s = args->segments; s > 0; s--) {
    size_t p = 0;
    for (; p + SETS * SD_PAIR <= args->k; p += SETS * SD_PAIR, b += SETS * SD_TILE_STEP) {
      SD_UNROLL
      for (size_t t = 0; t < SETS; t++) {
        sd_tile_step(a + p + t * SD_PAIR, 0, b + t * SD_TILE_STEP, 1, sums[t]);
      }
    }
    for (; p < args->k; p += SD_PAIR, b += SD_TILE_STEP) sd_tile_step(a + p, 0, b, 1, sums[0]);
    if (s > 1) a += args->segment_stride;
  }
  SD_UNROLL
  for (size_t j = 0; j < SD_TILE_VECTORS; j++) {
    const sd_v low = sd_v_add(sums[0][0][j], sums[1][0][j]);
    sum[0][j] = sd_v_add(low, sd_v_add(sums[2][0][j], sums[3][0][j]));
  }
}

SD_TARGET_END

#include "bf16_gemm_finish.h"

SD_TARGET_BEGIN

SD_INLINE void sd_tile_run(const sd_bf16_gemm_args *args, const sd_tile *tile, const size_t rows) {
  sd_v sum[SD_TILE_ROWS][SD_TILE_VECTORS];
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

#define SD_TILE_ARGS sd_bf16_gemm_args
#include "../simd/tile_heights.h"

#define SD_TILE_NAMED(name) SD_NAME(name)

void SD_TILE_NAMED(SD_TILE_NAME)(
    const sd_bf16_gemm_args *args, size_t row_begin, size_t row_end, size_t column,
    size_t columns) {
  sd_tile tile = {
      .b = args->b + column * sd_bf16_gemm_depth(args->segments, args->k),
      .bias = args->bias + column,
      .columns = columns,
  };
  // The next panel or layer: the first tiles fetch it, the others find it there, as in f32_gemm.
  const size_t steps = sd_bf16_gemm_depth(args->segments, args->k) / SD_PAIR;
  const sd_bf16 *const next = tile.b + SD_TILE_STEP * steps;
  size_t tiles = (row_end - row_begin + SD_TILE_ROWS - 1) / SD_TILE_ROWS;
  size_t rows, turn = 0;
  for (size_t row = row_begin; row < row_end; row += rows, tiles--, turn++) {
    rows = (row_end - row + tiles - 1) / tiles;
    tile.a = args->a + row * args->lda;
    tile.residual = args->residual ? args->residual + row * args->ldr + column : NULL;
    if (args->c_f32) {
      tile.c_f32 = args->c_f32 + row * args->ldc + column;
    } else {
      tile.c = args->c + row * args->ldc + column;
    }
    tile.next = next + turn % (SD_TILE_STEP / SD_TILE_LINE) * steps * SD_TILE_LINE;
    sd_tile_heights[rows](args, &tile);
  }
}

SD_TARGET_END
