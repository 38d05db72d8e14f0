// Packing and the loops around the micro-kernels, the same for every instruction set.
//
// A packed matrix is a row of panels, each [k][width] with width a multiple of 16, so the panel
// that starts at column j starts at float j * k.
#include "../sd_kernels_internal.h"

size_t sd_f32_gemm_packed_size(size_t n, size_t k) { return sd_padded(n) * k; }

void sd_f32_gemm_pack_panels(size_t n, size_t k, const float *w, float *packed, size_t widest) {
  const size_t padded = sd_padded(n);
  size_t width;
  for (size_t column = 0; column < padded; column += width) {
    width = sd_smaller(padded - column, widest * SD_GEMM_GROUP);
    const size_t columns = sd_smaller(n - column, width);
    for (size_t p = 0; p < k; p++) {
      for (size_t j = 0; j < columns; j++) packed[p * width + j] = w[(column + j) * k + p];
      for (size_t j = columns; j < width; j++) packed[p * width + j] = 0.0f;
    }
    packed += width * k;
  }
}

// Rows of A that are used again for the next panel while they are still in a second level cache of
// 1 MiB, which they share with one panel of B.
static size_t sd_rows_of_block(const sd_f32_gemm_args *args) {
  enum { A_BYTES = 512 * 1024, ROUNDING = 24 };  // 24: a multiple of the usual tile heights
  const size_t row_bytes = (args->segments * args->k + 1) * sizeof(float);
  const size_t rows = A_BYTES / row_bytes / ROUNDING * ROUNDING;
  return rows < ROUNDING ? ROUNDING : rows;
}

void sd_f32_gemm_run(const sd_f32_gemm_args *args, const sd_f32_gemm_tiles *tiles) {
  const size_t padded = sd_padded(args->n);
  const size_t widest = tiles->widest * SD_GEMM_GROUP;
  const size_t block = padded > widest ? sd_rows_of_block(args) : args->m;
  size_t end;
  for (size_t begin = 0; begin < args->m; begin = end) {
    end = sd_smaller(begin + block, args->m);
    size_t width;
    for (size_t column = 0; column < padded; column += width) {
      width = sd_smaller(padded - column, widest);
      const size_t columns = sd_smaller(args->n - column, width);
      tiles->panels[width / SD_GEMM_GROUP - 1](args, begin, end, column, columns);
    }
  }
}
