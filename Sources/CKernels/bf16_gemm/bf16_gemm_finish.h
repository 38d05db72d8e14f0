// Turns the sums of a tile into outputs. Included by bf16_gemm_tile.h.

SD_TARGET_BEGIN

SD_INLINE sd_v sd_tile_bias(const sd_tile *tile, const size_t j) {
  const size_t at = j * SD_LANES;
  if (at + SD_LANES <= tile->columns) return sd_v_load(tile->bias + at);
  return at < tile->columns ? sd_v_load_first(tile->bias + at, tile->columns - at)
                            : sd_v_set1(0.0f);
}

SD_INLINE sd_v sd_tile_residual(
    const sd_bf16 *p, const size_t j, size_t columns, const bool is_full) {
  const size_t at = j * SD_LANES;
  if (is_full || at + SD_LANES <= columns) return sd_v_load_bf16(p + at);
  return at < columns ? sd_v_load_first_bf16(p + at, columns - at) : sd_v_set1(0.0f);
}

SD_INLINE void sd_tile_store(
    sd_bf16 *p, size_t columns, const bool is_full, const sd_v sum[SD_TILE_SUMS]) {
  SD_UNROLL
  for (size_t j = 0; j < SD_TILE_SUMS; j++) {
    const size_t at = j * SD_LANES;
    if (is_full && j % 2 == 1) continue;
    if (is_full && j + 1 < SD_TILE_SUMS) {
      sd_v_store_two_bf16(p + at, sum[j], sum[j + 1]);
    } else if (is_full || at + SD_LANES <= columns) {
      sd_v_store_bf16(p + at, sum[j]);
    } else if (at < columns) {
      sd_v_store_first_bf16(p + at, columns - at, sum[j]);
    }
  }
}

SD_INLINE void sd_tile_store_f32(
    float *p, size_t columns, const bool is_full, const sd_v sum[SD_TILE_SUMS]) {
  SD_UNROLL
  for (size_t j = 0; j < SD_TILE_SUMS; j++) {
    const size_t at = j * SD_LANES;
    if (is_full || at + SD_LANES <= columns) {
      sd_v_store(p + at, sum[j]);
    } else if (at < columns) {
      sd_v_store_first(p + at, columns - at, sum[j]);
    }
  }
}

#include "../simd/tile_activation.h"

SD_INLINE void sd_tile_finish(
    const sd_bf16_gemm_args *args, const sd_tile *tile, const size_t rows, const bool is_full,
    sd_v sum[][SD_TILE_SUMS]) {
  sd_tile_activate(args->activation, rows, sum);
  if (tile->residual) {
    SD_FOR_TILE(i, j) {
      const sd_bf16 *row = tile->residual + i * args->ldr;
      sum[i][j] = sd_v_add(sum[i][j], sd_tile_residual(row, j, tile->columns, is_full));
    }
  }
  if (tile->c_f32) {
    SD_UNROLL
    for (size_t i = 0; i < rows; i++) {
      sd_tile_store_f32(tile->c_f32 + i * args->ldc, tile->columns, is_full, sum[i]);
    }
    return;
  }
  SD_UNROLL
  for (size_t i = 0; i < rows; i++) {
    sd_tile_store(tile->c + i * args->ldc, tile->columns, is_full, sum[i]);
  }
}

SD_TARGET_END
