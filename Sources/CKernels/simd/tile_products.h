// Sums the products of a matrix product's tile along k, for several rows and for one. Included by a
// tile header after
//   #define SD_TILE_ARGS sd_f32_gemm_args
//   #define SD_TILE_NUMBER float     // type of A and B
// and the definitions of SD_TILE_SUMS (vectors of sums in a row), SD_TILE_DEPTH (elements of k in a
// step), SD_TILE_STEP (weights in a step), SD_TILE_LINE (weights in a cache line), `sd_tile` and
// `sd_tile_step`, which adds the products of one step.

SD_INLINE void sd_tile_products(
    const SD_TILE_ARGS *args, const sd_tile *tile, const size_t rows,
    sd_v sum[][SD_TILE_SUMS]) {
  const size_t k = args->k, lda = args->lda;
  const SD_TILE_NUMBER *a = tile->a;
  const SD_TILE_NUMBER *b = tile->b;
  const SD_TILE_NUMBER *next = tile->next;
  for (size_t s = args->segments; s > 0; s--) {
    for (size_t p = 0; p < k; p += SD_TILE_DEPTH, b += SD_TILE_STEP, next += SD_TILE_LINE) {
      SD_PREFETCH(next);
      sd_tile_step(a + p, lda, b, rows, sum);
    }
    if (s > 1) a += args->segment_stride;
  }
}

// The same for one row, which has so few sums that each addition would wait for the one before.
// Four steps therefore add to four sets of sums; a linear layer then runs as fast as its weights
// arrive.
SD_INLINE void sd_tile_products_of_row(
    const SD_TILE_ARGS *args, const sd_tile *tile, sd_v sum[][SD_TILE_SUMS]) {
  enum { SETS = 4 };
  sd_v sums[SETS][1][SD_TILE_SUMS];
  SD_UNROLL
  for (size_t t = 0; t < SETS; t++) {
    SD_UNROLL
    for (size_t j = 0; j < SD_TILE_SUMS; j++) sums[t][0][j] = t ? sd_v_set1(0.0f) : sum[0][j];
  }
  const SD_TILE_NUMBER *a = tile->a;
  const SD_TILE_NUMBER *b = tile->b;
  for (size_t s = args->segments; s > 0; s--) {
    size_t p = 0;
    for (; p + SETS * SD_TILE_DEPTH <= args->k;
         p += SETS * SD_TILE_DEPTH, b += SETS * SD_TILE_STEP) {
      SD_UNROLL
      for (size_t t = 0; t < SETS; t++) {
        sd_tile_step(a + p + t * SD_TILE_DEPTH, 0, b + t * SD_TILE_STEP, 1, sums[t]);
      }
    }
    for (; p < args->k; p += SD_TILE_DEPTH, b += SD_TILE_STEP) {
      sd_tile_step(a + p, 0, b, 1, sums[0]);
    }
    if (s > 1) a += args->segment_stride;
  }
  SD_UNROLL
  for (size_t j = 0; j < SD_TILE_SUMS; j++) {
    const sd_v low = sd_v_add(sums[0][0][j], sums[1][0][j]);
    sum[0][j] = sd_v_add(low, sd_v_add(sums[2][0][j], sums[3][0][j]));
  }
}
