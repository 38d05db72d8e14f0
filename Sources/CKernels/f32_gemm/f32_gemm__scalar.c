// The reference: one row and 16 columns at a time, products added in the order of k.
#include "../simd/scalar.h"

void sd_f32_gemm_1x16__scalar(
    const sd_f32_gemm_args *args, size_t row_begin, size_t row_end, size_t column, size_t columns) {
  for (size_t i = row_begin; i < row_end; i++) {
    float sum[SD_GEMM_GROUP] = {0};
    for (size_t j = 0; j < columns; j++) sum[j] = args->bias[column + j];
    const float *b = args->b + column * args->segments * args->k;
    for (size_t s = 0; s < args->segments; s++) {
      const float *a = args->a + i * args->lda + s * args->segment_stride;
      for (size_t p = 0; p < args->k; p++, b += SD_GEMM_GROUP) {
        for (size_t j = 0; j < SD_GEMM_GROUP; j++) sum[j] += a[p] * b[j];
      }
    }
    float *c = args->c + i * args->ldc + column;
    for (size_t j = 0; j < columns; j++) {
      const float residual = args->residual ? args->residual[i * args->ldr + column + j] : 0.0f;
      c[j] = sd_activated(sum[j], args->activation) + residual;
    }
  }
}

static const sd_f32_gemm_tiles tiles = {.widest = 1, .panels = {sd_f32_gemm_1x16__scalar}};

void sd_f32_gemm_pack__scalar(size_t n, size_t k, const float *w, float *packed) {
  sd_f32_gemm_pack_panels(n, k, w, packed, &tiles);
}

void sd_f32_gemm__scalar(const sd_f32_gemm_args *args) { sd_f32_gemm_run(args, &tiles); }
