// The matrix product's micro-kernel: SD_TILE_ROWS rows by SD_TILE_VECTORS vectors of columns stay
// in registers while k runs. Included once a file, after the vocabulary of an instruction set and
//   #define SD_TILE_ROWS 6       // at most 16
//   #define SD_TILE_VECTORS 4
//   #define SD_TILE_NAME f32_gemm_6x64
//
// Heights below SD_TILE_ROWS have code of their own, so rows are dealt out evenly: 25 rows by sixes
// run as five tiles of five, not as four of six and a slow one of one.

SD_TARGET_BEGIN

enum { SD_TILE_WIDTH = SD_TILE_VECTORS * SD_LANES };

// Pointers of one tile.
typedef struct {
  const float *a;
  const float *b;
  const float *bias;
  const float *residual;
  float *c;
  size_t columns;
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

// Sums += products of element p of each row of A with one row of B.
SD_INLINE void sd_tile_step(
    const float *a, size_t lda, const float *b, const size_t rows,
    sd_v sum[][SD_TILE_VECTORS]) {
  sd_v w[SD_TILE_VECTORS];
  SD_UNROLL
  for (size_t j = 0; j < SD_TILE_VECTORS; j++) w[j] = sd_v_load(b + j * SD_LANES);
  SD_UNROLL
  for (size_t i = 0; i < rows; i++) {
    const sd_v x = sd_v_set1(a[i * lda]);
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_VECTORS; j++) sum[i][j] = sd_v_fma(x, w[j], sum[i][j]);
  }
}

SD_INLINE void sd_tile_products(
    const sd_f32_gemm_args *args, const sd_tile *tile, const size_t rows,
    sd_v sum[][SD_TILE_VECTORS]) {
  const size_t k = args->k, lda = args->lda;
  const float *a = tile->a;
  const float *b = tile->b;
  for (size_t s = args->segments; s > 0; s--) {
    for (size_t p = 0; p < k; p++, b += SD_TILE_WIDTH) sd_tile_step(a + p, lda, b, rows, sum);
    if (s > 1) a += args->segment_stride;
  }
}

// The same for one row. Its few sums would wait for their own last addition, so four elements of k
// go to four sets of sums: a linear layer then runs as fast as its weights arrive.
SD_INLINE void sd_tile_products_of_row(
    const sd_f32_gemm_args *args, const sd_tile *tile,
    sd_v sum[][SD_TILE_VECTORS]) {
  enum { SETS = 4 };
  sd_v sums[SETS][1][SD_TILE_VECTORS];
  SD_UNROLL
  for (size_t t = 0; t < SETS; t++) {
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_VECTORS; j++) sums[t][0][j] = t ? sd_v_set1(0.0f) : sum[0][j];
  }
  const float *a = tile->a;
  const float *b = tile->b;
  for (size_t s = args->segments; s > 0; s--) {
    size_t p = 0;
    for (; p + SETS <= args->k; p += SETS, b += SETS * SD_TILE_WIDTH) {
      SD_UNROLL
      for (size_t t = 0; t < SETS; t++) {
        sd_tile_step(a + p + t, 0, b + t * SD_TILE_WIDTH, 1, sums[t]);
      }
    }
    for (; p < args->k; p++, b += SD_TILE_WIDTH) sd_tile_step(a + p, 0, b, 1, sums[0]);
    if (s > 1) a += args->segment_stride;
  }
  SD_UNROLL
  for (size_t j = 0; j < SD_TILE_VECTORS; j++) {
    const sd_v low = sd_v_add(sums[0][0][j], sums[1][0][j]);
    sum[0][j] = sd_v_add(low, sd_v_add(sums[2][0][j], sums[3][0][j]));
  }
}

#define SD_FOR_TILE(i, j)               \
  SD_UNROLL                             \
  for (size_t i = 0; i < rows; i++)     \
    SD_UNROLL                           \
    for (size_t j = 0; j < SD_TILE_VECTORS; j++)

SD_INLINE void sd_tile_finish(
    const sd_f32_gemm_args *args, const sd_tile *tile, const size_t rows, const bool is_full,
    sd_v sum[][SD_TILE_VECTORS]) {
  if (args->activation != SD_ACTIVATION_NONE) {
    const sd_v_activation activation = sd_v_activation_of(args->activation);
    if (!activation.is_hard) {
      SD_FOR_TILE(i, j) sum[i][j] = sd_v_clamp(sum[i][j], activation.low, activation.high);
    } else if (activation.is_swish) {
      SD_FOR_TILE(i, j) sum[i][j] = sd_v_hard_swish(sum[i][j]);
    } else {
      SD_FOR_TILE(i, j) sum[i][j] = sd_v_hard_sigmoid(sum[i][j]);
    }
  }
  if (tile->residual) {
    SD_FOR_TILE(i, j) {
      const float *row = tile->residual + i * args->ldr;
      sum[i][j] = sd_v_add(sum[i][j], sd_tile_load(row, j, tile->columns, is_full));
    }
  }
  SD_FOR_TILE(i, j) sd_tile_store(tile->c + i * args->ldc, j, tile->columns, is_full, sum[i][j]);
}

SD_INLINE void sd_tile_run(const sd_f32_gemm_args *args, const sd_tile *tile, const size_t rows) {
  const bool is_full = tile->columns == SD_TILE_WIDTH;
  sd_v sum[SD_TILE_ROWS][SD_TILE_VECTORS];
  sd_v bias[SD_TILE_VECTORS];
  if (is_full) {
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_VECTORS; j++) bias[j] = sd_v_load(tile->bias + j * SD_LANES);
  } else {
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_VECTORS; j++) {
      bias[j] = sd_tile_load(tile->bias, j, tile->columns, false);
    }
  }
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

#define SD_TILE_ARGS sd_f32_gemm_args
#include "../simd/tile_heights.h"

#define SD_TILE_NAMED(name) SD_NAME(name)

void SD_TILE_NAMED(SD_TILE_NAME)(
    const sd_f32_gemm_args *args, size_t row_begin, size_t row_end, size_t column, size_t columns) {
  sd_tile tile = {
      .b = args->b + column * args->segments * args->k,
      .bias = args->bias + column,
      .columns = columns,
  };
  size_t tiles = (row_end - row_begin + SD_TILE_ROWS - 1) / SD_TILE_ROWS;
  size_t rows;
  for (size_t row = row_begin; row < row_end; row += rows, tiles--) {
    rows = (row_end - row + tiles - 1) / tiles;
    tile.a = args->a + row * args->lda;
    tile.residual = args->residual ? args->residual + row * args->ldr + column : NULL;
    tile.c = args->c + row * args->ldc + column;
    sd_tile_heights[rows](args, &tile);
  }
}

SD_TARGET_END
