// The reference: one row and 16 columns at a time, products added in the order of k.
#include "../simd/scalar_bf16.h"

void sd_bf16_gemm_1x16__scalar(
    const sd_bf16_gemm_args *args, size_t row_begin, size_t row_end, size_t column,
    size_t columns) {
  for (size_t i = row_begin; i < row_end; i++) {
    float sum[SD_GEMM_GROUP] = {0};
    for (size_t j = 0; j < columns; j++) sum[j] = args->bias[column + j];
    const sd_bf16 *b = args->b + column * sd_bf16_gemm_depth(args->segments, args->k);
    for (size_t s = 0; s < args->segments; s++) {
      const sd_bf16 *a = args->a + i * args->lda + s * args->segment_stride;
      for (size_t p = 0; p < args->k; p += 2) {
        const float x = sd_widened(a[p]), y = p + 1 < args->k ? sd_widened(a[p + 1]) : 0.0f;
        for (size_t j = 0; j < SD_GEMM_GROUP; j++, b += 2) {
          sum[j] += x * sd_widened(b[0]);
          sum[j] += y * sd_widened(b[1]);
        }
      }
    }
    for (size_t j = 0; j < columns; j++) {
      const size_t at = column + j;
      float x = sd_activated(sum[j], args->activation);
      if (args->residual) x += sd_widened(args->residual[i * args->ldr + at]);
      if (args->c_f32) {
        args->c_f32[i * args->ldc + at] = x;
      } else {
        args->c[i * args->ldc + at] = sd_narrowed(x);
      }
    }
  }
}

static const sd_bf16_gemm_tiles tiles = {.widest = 1, .panels = {sd_bf16_gemm_1x16__scalar}};

void sd_bf16_gemm_pack__scalar(
    size_t n, size_t segments, size_t k, const float *w, sd_bf16 *packed) {
  sd_bf16_gemm_pack_panels(n, segments, k, w, packed, tiles.widest);
}

void sd_bf16_gemm__scalar(const sd_bf16_gemm_args *args) { sd_bf16_gemm_run(args, &tiles); }
