// The reference: one row and 16 columns at a time.
#include "../simd/scalar_bytes.h"

static void sd_finish_row(
    const sd_u8_gemm_args *args, const sd_u8_gemm_packed *packed, const int32_t *sum, size_t i,
    size_t column, size_t columns) {
  for (size_t j = 0; j < columns; j++) {
    float x = sd_scaled(sum[j], packed->scale[j], packed->bias[j]);
    if (args->c_f32) {
      args->c_f32[i * args->ldc_f32 + column + j] = x;
      continue;
    }
    if (args->residual) {
      x = fmaf((float)args->residual[i * args->ldr + column + j], args->residual_scale, x);
    }
    args->c[i * args->ldc + column + j] =
        sd_requantized(x, args->activation, args->step, args->zero, args->low, args->high);
  }
  if (args->c_f32) return;
  for (size_t j = columns; j < SD_GEMM_GROUP; j++) args->c[i * args->ldc + column + j] = args->low;
}

void sd_u8_gemm_1x16__scalar(
    const sd_u8_gemm_args *args, size_t row_begin, size_t row_end, size_t column, size_t columns) {
  const sd_u8_gemm_packed packed = sd_u8_gemm_packed_at(args, column);
  for (size_t i = row_begin; i < row_end; i++) {
    int32_t sum[SD_GEMM_GROUP];
    for (size_t j = 0; j < SD_GEMM_GROUP; j++) sum[j] = packed.offset[j];
    const int8_t *w = packed.weights;
    for (size_t s = 0; s < args->segments; s++) {
      const uint8_t *a = args->a + i * args->lda + s * args->segment_stride;
      for (size_t p = 0; p < args->k; p += 4) {
        for (size_t j = 0; j < SD_GEMM_GROUP; j++) {
          for (size_t t = 0; t < 4; t++) sum[j] += a[p + t] * *w++;
        }
      }
    }
    sd_finish_row(args, &packed, sum, i, column, columns);
  }
}

static const sd_u8_gemm_tiles tiles = {.widest = 1, .panels = {sd_u8_gemm_1x16__scalar}};

void sd_u8_gemm_pack__scalar(
    size_t n, size_t k, const int8_t *w, uint8_t zero, const float *scale, const float *bias,
    void *packed) {
  sd_u8_gemm_pack_panels(n, k, w, zero, scale, bias, packed, tiles.widest);
}

void sd_u8_gemm__scalar(const sd_u8_gemm_args *args) { sd_u8_gemm_run(args, &tiles); }
