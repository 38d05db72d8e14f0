#include "../simd/scalar_bf16.h"
#include "../simd/window.h"

static float sd_sum(
    const sd_bf16_depthwise_args *args, sd_window_side rows, sd_window_side columns, size_t c) {
  const sd_bf16 *taps =
      args->packed + args->channels * sd_bf16_depthwise_pairs_of_channel(args->kernel);
  float sum = args->bias[c];
  for (size_t i = rows.begin; i < rows.end; i++) {
    for (size_t j = columns.begin; j < columns.end; j++) {
      const size_t row = rows.position + i - rows.begin;
      const size_t column = columns.position + j - columns.begin;
      const sd_bf16 x = args->x[row * args->x_row_stride + column * args->x_pixel_stride + c];
      const sd_bf16 w = taps[(i * args->kernel + j) * args->channels + c];
      sum += sd_widened(x) * sd_widened(w);
    }
  }
  return sum;
}

void sd_bf16_depthwise__scalar(const sd_bf16_depthwise_args *args) {
  for (size_t row = args->row_begin; row < args->row_end; row++) {
    const sd_window_side rows =
        sd_window_side_of(row, args->stride, args->pad_top, args->kernel, args->in_height);
    for (size_t column = 0; column < args->out_width; column++) {
      const sd_window_side columns =
          sd_window_side_of(column, args->stride, args->pad_left, args->kernel, args->in_width);
      sd_bf16 *y = args->y + row * args->y_row_stride + column * args->y_pixel_stride;
      for (size_t c = 0; c < args->channels; c++) {
        y[c] = sd_narrowed(sd_activated(sd_sum(args, rows, columns, c), args->activation));
      }
    }
  }
}
