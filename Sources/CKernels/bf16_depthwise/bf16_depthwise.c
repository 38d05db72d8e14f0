// Packing, the same for every instruction set.
//
// For windows that have tiles, a packed kernel starts with pairs of vertically neighbouring taps.
// For each group of 16 channels there are two sets, [2][ceil(kernel / 2)][kernel][16][2]: one for
// windows that begin at the first row of a pair of input rows, where an odd side is padded with a
// zero at its end, and one for windows that begin at the second, where the padding is in front. The
// plain taps, [kernel * kernel][channels], come after them.
#include "../simd/scalar_bf16.h"

size_t sd_bf16_depthwise_packed_size(size_t channels, size_t kernel) {
  return channels * (kernel * kernel + sd_bf16_depthwise_pairs_of_channel(kernel));
}

static sd_bf16 sd_tap(const float *w, size_t kernel, size_t row, size_t column) {
  return row < kernel ? sd_narrowed(w[row * kernel + column]) : 0;
}

// Packs the pairs of rows `row` and `row + 1` of one group.
static sd_bf16 *sd_pack_pairs(size_t kernel, size_t row, const float *w, sd_bf16 *packed) {
  for (size_t j = 0; j < kernel; j++) {
    for (size_t c = 0; c < SD_GEMM_GROUP; c++) {
      // Row -1 wraps around, so it is padding.
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
