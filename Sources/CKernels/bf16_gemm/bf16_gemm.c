// Packing and the loops around the micro-kernels, the same for every instruction set.
//
// A packed matrix is a sequence of panels, each [segments * ceil(k / 2)][width][2] with a width
// that is a multiple of 16. An odd run ends with a pair whose second weight is zero.
#include "../simd/scalar_bf16.h"

size_t sd_bf16_gemm_packed_size(size_t n, size_t segments, size_t k) {
  return sd_padded(n) * sd_bf16_gemm_depth(segments, k);
}

void sd_bf16_gemm_pack_panels(
    size_t n, size_t segments, size_t k, const float *w, sd_bf16 *packed, size_t widest) {
  const size_t padded = sd_padded(n);
  size_t width;
  for (size_t column = 0; column < padded; column += width) {
    width = sd_smaller(padded - column, widest * SD_GEMM_GROUP);
    for (size_t s = 0; s < segments; s++) {
      for (size_t p = 0; p < k; p += 2) {
        for (size_t j = column; j < column + width; j++) {
          const float *from = w + (j * segments + s) * k + p;
          *packed++ = j < n ? sd_narrowed(from[0]) : 0;
          *packed++ = j < n && p + 1 < k ? sd_narrowed(from[1]) : 0;
        }
      }
    }
  }
}

void sd_bf16_gemm_run(const sd_bf16_gemm_args *args, const sd_bf16_gemm_tiles *tiles) {
  const size_t padded = sd_padded(args->n);
  const size_t widest = tiles->widest * SD_GEMM_GROUP;
  const size_t row_bytes = (args->segments * args->k + 1) * sizeof(sd_bf16);
  const size_t block = padded > widest ? sd_gemm_block_rows(args->m, row_bytes) : args->m;
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
