// The reference: one output at a time, the window's rows in order.
#include "../simd/scalar.h"

static float sd_depthwise_at(
    const sd_f32_depthwise_args *args, size_t row, size_t column, size_t c) {
  float sum = args->bias[c];
  for (size_t i = 0; i < args->kernel; i++) {
    // Unsigned: a position before the input wraps around to one far beyond it.
    const size_t y = row * args->stride + i - args->pad_top;
    if (y >= args->in_height) continue;
    for (size_t j = 0; j < args->kernel; j++) {
      const size_t x = column * args->stride + j - args->pad_left;
      if (x >= args->in_width) continue;
      sum += args->x[y * args->x_row_stride + x * args->x_pixel_stride + c] *
             args->w[(i * args->kernel + j) * args->channels + c];
    }
  }
  return sd_activated(sum, args->activation);
}

void sd_f32_depthwise__scalar(const sd_f32_depthwise_args *args) {
  for (size_t row = args->row_begin; row < args->row_end; row++) {
    for (size_t column = 0; column < args->out_width; column++) {
      float *y = args->y + row * args->y_row_stride + column * args->y_pixel_stride;
      for (size_t c = 0; c < args->channels; c++) y[c] = sd_depthwise_at(args, row, column, c);
    }
  }
}
