#include "../simd/scalar.h"

void sd_f32_strassen_input__scalar(const sd_f32_strassen_input_args *args) {
  const size_t channels = args->channels, matrix = args->rows * args->stride;
  for (size_t i = 0; i < args->rows; i++) {
    const float *upper = args->upper + i * args->lda, *lower = args->lower + i * args->lda;
    float *s = args->s + i * args->stride;
    for (size_t j = 0; j < channels; j++) {
      const float a = upper[j], b = upper[channels + j] * args->scale[j];
      const float c = lower[j], d = lower[channels + j] * args->scale[j];
      const float sum = c + d, rest = sum - a;
      s[j] = sum;
      s[matrix + j] = rest;
      s[2 * matrix + j] = a - c;
      s[3 * matrix + j] = b - rest;
    }
  }
}

// Writes column j of row `row`, whose sum is m.
static void sd_strassen_store(
    const sd_f32_strassen_output_args *args, size_t row, size_t j, float m) {
  const float y = sd_activated(m + args->bias[j], args->activation);
  args->y[row * args->ldy + j] = args->residual ? y + args->residual[row * args->ldr + j] : y;
}

void sd_f32_strassen_output__scalar(const sd_f32_strassen_output_args *args) {
  const size_t half = args->half, matrix = args->rows * half;
  for (size_t is_upper = 0; is_upper < 2; is_upper++) {
    for (size_t i = 0; i < args->rows; i++) {
      const size_t row = is_upper ? i : args->lower + i;
      const float *left = args->products + (is_upper ? 0 : 2) * matrix + i * half;
      const float *right = left + matrix, *common = args->products + 4 * matrix + i * half;
      for (size_t j = 0; j < args->columns; j++) {
        const float m =
            j < half ? left[j] : args->scale[j - half] * (right[j - half] + common[j - half]);
        sd_strassen_store(args, row, j, m);
      }
    }
  }
}
