// Turns the sums of a tile into outputs: bytes, or floats. Included by u8_gemm_tile.h.

SD_TARGET_BEGIN

SD_INLINE sd_v sd_tile_residual(const uint8_t *p, size_t j, size_t columns, bool is_full) {
  const size_t at = j * SD_LANES;
  if (is_full || at + SD_LANES <= columns) return sd_v_load_bytes(p + at);
  return at < columns ? sd_v_load_first_bytes(p + at, columns - at) : sd_v_set1(0.0f);
}

// The arguments that storing needs, copied: C lets a byte alias anything, so the compiler would
// reload them through the pointer after every store.
typedef struct {
  size_t ldc;
  uint8_t low, high;
} sd_tile_bytes;

SD_INLINE sd_tile_bytes sd_tile_bytes_of(const sd_u8_gemm_args *args) {
  return (sd_tile_bytes){.ldc = args->ldc, .low = args->low, .high = args->high};
}

// Stores a row of numbers as bytes.
SD_INLINE void sd_tile_store_bytes(
    sd_tile_bytes bytes, const sd_tile *tile, size_t i, sd_v x[SD_TILE_VECTORS]) {
  sd_i rounded[SD_TILE_VECTORS];
  SD_UNROLL
  for (size_t j = 0; j < SD_TILE_VECTORS; j++) rounded[j] = sd_i_rounded(x[j]);
  sd_bytes_store(tile->c + i * bytes.ldc, rounded, SD_TILE_VECTORS, bytes.low, bytes.high);
}

SD_INLINE void sd_tile_numbers(
    const sd_tile *tile, const sd_i sum[SD_TILE_VECTORS], sd_v x[SD_TILE_VECTORS]) {
  SD_UNROLL
  for (size_t j = 0; j < SD_TILE_VECTORS; j++) {
    const sd_v scale = sd_v_load(tile->packed.scale + j * SD_LANES);
    const sd_v bias = sd_v_load(tile->packed.bias + j * SD_LANES);
    x[j] = sd_v_fma(sd_v_of_i(sum[j]), scale, bias);
  }
}

#if SD_HAS_NARROW_TILES && SD_TILE_VECTORS <= 2
// As many rows as it takes to fill a vector of bytes.
#define SD_TILE_TOGETHER (4 / SD_TILE_VECTORS)

SD_INLINE void sd_tile_store_together(
    sd_tile_bytes target, const sd_tile *tile, size_t i, sd_i sum[][SD_TILE_VECTORS]) {
  sd_i rounded[4];
  SD_UNROLL
  for (size_t r = 0; r < SD_TILE_TOGETHER; r++) {
    sd_v x[SD_TILE_VECTORS];
    sd_tile_numbers(tile, sum[r], x);
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_VECTORS; j++) {
      rounded[r * SD_TILE_VECTORS + j] = sd_i_rounded(x[j]);
    }
  }
  const sd_b bytes = sd_bytes_of(rounded, target.low, target.high);
  uint8_t *row = tile->c + i * target.ldc;
  if (target.ldc == SD_TILE_WIDTH) {
    sd_b_store(row, bytes);
    return;
  }
  SD_UNROLL
  for (size_t r = 0; r < SD_TILE_TOGETHER; r++) {
    sd_b_store_part(row + r * target.ldc, bytes, r, SD_TILE_TOGETHER);
  }
}
#endif

SD_INLINE void sd_tile_finish_plain(
    sd_tile_bytes bytes, const sd_tile *tile, const size_t rows,
    sd_i sum[][SD_TILE_VECTORS]) {
  size_t i = 0;
#if SD_HAS_NARROW_TILES && SD_TILE_VECTORS <= 2
  SD_UNROLL
  for (; i + SD_TILE_TOGETHER <= rows; i += SD_TILE_TOGETHER) {
    sd_tile_store_together(bytes, tile, i, sum + i);
  }
#endif
  SD_UNROLL
  for (; i < rows; i++) {
    sd_v x[SD_TILE_VECTORS];
    sd_tile_numbers(tile, sum[i], x);
    sd_tile_store_bytes(bytes, tile, i, x);
  }
}

SD_INLINE void sd_tile_finish_residual(
    const sd_u8_gemm_args *args, const sd_tile *tile, const size_t rows, const bool is_full,
    sd_i sum[][SD_TILE_VECTORS]) {
  const sd_tile_bytes bytes = sd_tile_bytes_of(args);
  const size_t ldr = args->ldr;
  const sd_v scale = sd_v_set1(args->residual_scale);
  SD_UNROLL
  for (size_t i = 0; i < rows; i++) {
    const uint8_t *row = tile->residual + i * ldr;
    sd_v x[SD_TILE_VECTORS];
    sd_tile_numbers(tile, sum[i], x);
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_VECTORS; j++) {
      x[j] = sd_v_fma(sd_tile_residual(row, j, tile->columns, is_full), scale, x[j]);
    }
    sd_tile_store_bytes(bytes, tile, i, x);
  }
}

SD_INLINE void sd_tile_finish_hard(
    const sd_u8_gemm_args *args, const sd_tile *tile, const size_t rows, const bool is_swish,
    sd_i sum[][SD_TILE_VECTORS]) {
  const sd_tile_bytes bytes = sd_tile_bytes_of(args);
  const sd_v step = sd_v_set1(args->step), zero = sd_v_set1(args->zero);
  SD_UNROLL
  for (size_t i = 0; i < rows; i++) {
    sd_v x[SD_TILE_VECTORS];
    sd_tile_numbers(tile, sum[i], x);
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_VECTORS; j++) {
      x[j] = is_swish ? sd_v_hard_swish(x[j]) : sd_v_hard_sigmoid(x[j]);
      x[j] = sd_v_fma(x[j], step, zero);
    }
    sd_tile_store_bytes(bytes, tile, i, x);
  }
}

SD_INLINE void sd_tile_finish_f32(
    const sd_u8_gemm_args *args, const sd_tile *tile, const size_t rows,
    sd_i sum[][SD_TILE_VECTORS]) {
  SD_UNROLL
  for (size_t i = 0; i < rows; i++) {
    float *row = tile->c_f32 + i * args->ldc_f32;
    sd_v x[SD_TILE_VECTORS];
    sd_tile_numbers(tile, sum[i], x);
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_VECTORS; j++) {
      const size_t at = j * SD_LANES;
      if (at + SD_LANES <= tile->columns) {
        sd_v_store(row + at, x[j]);
      } else if (at < tile->columns) {
        sd_v_store_first(row + at, tile->columns - at, x[j]);
      }
    }
  }
}

SD_INLINE void sd_tile_finish(
    const sd_u8_gemm_args *args, const sd_tile *tile, const size_t rows,
    sd_i sum[][SD_TILE_VECTORS]) {
  if (args->c_f32) {
    sd_tile_finish_f32(args, tile, rows, sum);
  } else if (args->activation == SD_ACTIVATION_HARD_SWISH) {
    sd_tile_finish_hard(args, tile, rows, true, sum);
  } else if (args->activation == SD_ACTIVATION_HARD_SIGMOID) {
    sd_tile_finish_hard(args, tile, rows, false, sum);
  } else if (!tile->residual) {
    sd_tile_finish_plain(sd_tile_bytes_of(args), tile, rows, sum);
  } else if (tile->columns == SD_TILE_WIDTH) {
    sd_tile_finish_residual(args, tile, rows, true, sum);
  } else {
    sd_tile_finish_residual(args, tile, rows, false, sum);
  }
}

SD_TARGET_END
