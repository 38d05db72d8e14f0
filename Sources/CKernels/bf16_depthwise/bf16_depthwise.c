// Packing, the same for every instruction set.
//
// A packed kernel is, for windows with tiles, pairs of taps of neighbouring rows for each group of 16
// channels, [2][ceil(kernel / 2)][kernel][16][2]: those of an output whose window begins at the first
// row of a pair (the last pair ends with a zero where the side is odd), and of one whose window
// begins at the second (the first begins with one). Behind them are the taps as they are,
// [kernel * kernel][channels].
#include "../simd/scalar_bf16.h"

size_t sd_bf16_depthwise_packed_size(size_t channels, size_t kernel) {
  return channels * (kernel * kernel + sd_bf16_depthwise_pairs_of_channel(kernel));
}

static sd_bf16 sd_tap(const float *w, size_t kernel, size_t row, size_t column) {
  return row < kernel ? sd_narrowed(w[row * kernel + column]) : 0;
}

// One group's pairs of rows from `row` on.
static sd_bf16 *sd_pack_pairs(size_t kernel, size_t row, const float *w, sd_bf16 *packed) {
  for (size_t j = 0; j < kernel; j++) {
    for (size_t c = 0; c < SD_GEMM_GROUP; c++) {
      // Row -1 wraps and is no row.
      *packed++ = sd_tap(w + c * kernel * kernel, kernel, row, j);
      *packed++ = sd_tap(w + c * kernel * kernel, kernel, row + 1, j);
    }
  }
  return packed;
}

void sd_bf16_depthwise_pack(size_t channels, size_t kernel, const float *w, sd_bf16 *packed) {
  const size_t taps = kernel * kernel;
  if (sd_bf16_depthwise_pairs_of_channel(kernel) > 0) {
    for (size_t group = 0; group < channels; group += SD_GEMM_GROUP) {
      for (size_t shift = 0; shift < 2; shift++) {
        for (size_t row = 0; row < kernel; row += 2) {
          packed = sd_pack_pairs(kernel, row - shift, w + group * taps, packed);
        }
      }
    }
  }
  for (size_t t = 0; t < taps; t++) {
    for (size_t c = 0; c < channels; c++) *packed++ = sd_narrowed(w[c * taps + t]);
  }
}
