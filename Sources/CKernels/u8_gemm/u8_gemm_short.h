// Runs of tiles of SD_TILE_SHORT_ROWS rows with a short k. Included by u8_gemm_tile.h.
//
// With few input channels, turning sums into bytes costs as much as computing them. If the number
// of quads is a constant and there is no call in between, the processor computes the sums of the
// next tile while it stores this one's. Tiles have just enough rows to keep it busy, so that two
// fit into its reorder window.

SD_TARGET_BEGIN

SD_INLINE void sd_tile_short_run(
    const sd_u8_gemm_args *args, sd_tile *first, size_t runs, const size_t quads) {
  const size_t lda = args->lda;
  const sd_tile_bytes bytes = sd_tile_bytes_of(args);
  sd_tile tile = *first;
  const int8_t *const weights = tile.packed.weights;
  for (; runs > 0; runs--) {
    sd_i sum[SD_TILE_SHORT_ROWS][SD_TILE_VECTORS];
    sd_tile_start(&tile, SD_TILE_SHORT_ROWS, sum);
    SD_UNROLL
    for (size_t q = 0; q < quads; q++) {
      sd_tile_step(
          tile.a + q * SD_QUAD, lda, weights + q * SD_TILE_STEP, SD_TILE_SHORT_ROWS, sum);
    }
    sd_tile_finish_plain(bytes, &tile, SD_TILE_SHORT_ROWS, sum);
    tile.a += SD_TILE_SHORT_ROWS * lda;
    tile.c += SD_TILE_SHORT_ROWS * bytes.ldc;
  }
  *first = tile;
}

// Computes the first of `rows` rows from `tile` on, and returns how many it did: none if k is not
// short, or if there are several segments, a residual or an activation.
static size_t sd_tile_short(
    const sd_u8_gemm_args *args, sd_tile *tile, size_t rows, size_t quads) {
  const size_t runs = rows / SD_TILE_SHORT_ROWS;
  if (args->segments > 1 || args->residual || args->activation != SD_ACTIVATION_NONE) return 0;
  switch (quads) {
    case 4: sd_tile_short_run(args, tile, runs, 4); break;
    case 6: sd_tile_short_run(args, tile, runs, 6); break;
    case 8: sd_tile_short_run(args, tile, runs, 8); break;
    default: return 0;
  }
  return runs * SD_TILE_SHORT_ROWS;
}

SD_TARGET_END
