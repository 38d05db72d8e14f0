// Packing and the loops around the micro-kernels, the same for every instruction set.
#include "../sd_kernels_internal.h"

#include <string.h>

// The offset, scale and bias of a column.
enum { SD_PARAMETER_BYTES = sizeof(int32_t) + 2 * sizeof(float) };

size_t sd_u8_gemm_packed_size(size_t n, size_t k) {
  return sd_padded(n) * (SD_PARAMETER_BYTES + k);
}

bool sd_u8_gemm_is_finite(size_t n, const void *packed) {
  const size_t padded = sd_padded(n);
  return sd_all_finite(2 * padded, (const float *)((const int32_t *)packed + padded));
}

sd_u8_gemm_packed sd_u8_gemm_packed_at(const sd_u8_gemm_args *args, size_t column) {
  const size_t padded = sd_padded(args->n);
  const int32_t *offset = args->packed;
  const float *scale = (const float *)(offset + padded);
  return (sd_u8_gemm_packed){
      .offset = offset + column,
      .scale = scale + column,
      .bias = (args->bias ? args->bias : scale + padded) + column,
      .weights = (const int8_t *)(scale + 2 * padded) + column * args->segments * args->k,
  };
}

static void sd_pack_parameters(
    size_t n, size_t k, const int8_t *w, int32_t zero, const float *scale, const float *bias,
    void *packed) {
  const size_t padded = sd_padded(n);
  int32_t *offsets = packed;
  float *scales = (float *)(offsets + padded), *biases = scales + padded;
  for (size_t j = 0; j < padded; j++) {
    int32_t sum = 0;
    if (j < n) {
      for (size_t p = 0; p < k; p++) sum += w[j * k + p];
    }
    offsets[j] = -sum * zero;
    scales[j] = j < n ? scale[j] : 0.0f;
    biases[j] = j < n ? bias[j] : 0.0f;
  }
}

void sd_u8_gemm_pack_panels(
    size_t n, size_t k, const int8_t *w, int32_t zero, const float *scale, const float *bias,
    void *packed, size_t widest) {
  const size_t padded = sd_padded(n);
  sd_pack_parameters(n, k, w, zero, scale, bias, packed);
  int8_t *to = (int8_t *)packed + padded * SD_PARAMETER_BYTES;
  size_t width;
  for (size_t column = 0; column < padded; column += width) {
    width = sd_smaller(padded - column, widest * SD_GEMM_GROUP);
    for (size_t p = 0; p < k; p += SD_QUAD) {
      for (size_t j = column; j < column + width; j++, to += SD_QUAD) {
        if (j < n) {
          memcpy(to, w + j * k + p, SD_QUAD);
        } else {
          memset(to, 0, SD_QUAD);
        }
      }
    }
  }
}

void sd_u8_gemm_run(const sd_u8_gemm_args *args, const sd_u8_gemm_tiles *tiles) {
  const size_t padded = sd_padded(args->n);
  const size_t widest = tiles->widest * SD_GEMM_GROUP;
  const size_t row_bytes = args->segments * args->k + 1;
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
