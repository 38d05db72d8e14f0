// Packing and the loops around the micro-kernels, the same for every instruction set.
//
// A packed matrix is a sequence of panels, each [k][width] with a width that is a multiple of 16,
// so the panel of column j starts at float j * k. If the last panel ends in half a group of
// columns, it is [k / 2] pairs of rows: the whole groups of both rows, one row after the other,
// then the half groups of both, interleaved.
#include "../sd_kernels_internal.h"

enum { HALF_GROUP = SD_GEMM_GROUP / 2 };

size_t sd_f32_gemm_packed_size(size_t n, size_t k) { return sd_padded(n) * k; }

// Columns of the panel that starts at `column`. Half groups need an even k.
static size_t sd_panel_width(
    size_t n, size_t k, size_t column, const sd_f32_gemm_tiles *tiles) {
  const size_t rest = n - column, widest = tiles->widest * SD_GEMM_GROUP;
  if (rest >= widest) return widest;
  const size_t whole = rest / SD_GEMM_GROUP * SD_GEMM_GROUP;
  const bool is_half = rest > whole && rest - whole <= HALF_GROUP;
  if (is_half && k % 2 == 0 && tiles->halves[0]) return whole + HALF_GROUP;
  return sd_padded(rest);
}

// The place of element p of column j in a panel.
static size_t sd_place_in_panel(size_t p, size_t j, size_t width) {
  const size_t whole = width / SD_GEMM_GROUP * SD_GEMM_GROUP;
  if (whole == width) return p * width + j;
  const size_t pair = p / 2 * 2 * width;
  return pair + (j < whole ? p % 2 * whole + j : 2 * whole + (j - whole) * 2 + p % 2);
}

void sd_f32_gemm_pack_panels(
    size_t n, size_t k, const float *w, float *packed, const sd_f32_gemm_tiles *tiles) {
  float *const end = packed + sd_f32_gemm_packed_size(n, k);
  size_t width;
  for (size_t column = 0; column < n; column += width) {
    width = sd_panel_width(n, k, column, tiles);
    const size_t columns = sd_smaller(n - column, width);
    for (size_t p = 0; p < k; p++) {
      for (size_t j = 0; j < columns; j++) {
        packed[sd_place_in_panel(p, j, width)] = w[(column + j) * k + p];
      }
      for (size_t j = columns; j < width; j++) packed[sd_place_in_panel(p, j, width)] = 0.0f;
    }
    packed += width * k;
  }
  while (packed < end) *packed++ = 0.0f;
}

void sd_f32_gemm_run(const sd_f32_gemm_args *args, const sd_f32_gemm_tiles *tiles) {
  const size_t k = args->segments * args->k;
  const size_t widest = tiles->widest * SD_GEMM_GROUP;
  const size_t row_bytes = (k + 1) * sizeof(float);
  const size_t block = args->n > widest ? sd_gemm_block_rows(args->m, row_bytes) : args->m;
  size_t end;
  for (size_t begin = 0; begin < args->m; begin = end) {
    end = sd_smaller(begin + block, args->m);
    size_t width;
    for (size_t column = 0; column < args->n; column += width) {
      width = sd_panel_width(args->n, k, column, tiles);
      const size_t columns = sd_smaller(args->columns - column, sd_padded(width));
      const size_t groups = width / SD_GEMM_GROUP;
      sd_f32_gemm_panel_fn *const panel =
          width % SD_GEMM_GROUP ? tiles->halves[groups] : tiles->panels[groups - 1];
      panel(args, begin, end, column, columns);
    }
  }
}
