#include "../simd/scalar.h"
#include "../simd/window.h"

// MARK: - Elementwise

void sd_f32_activate__scalar(size_t n, const float *x, float *y, sd_activation activation) {
  for (size_t i = 0; i < n; i++) y[i] = sd_activated(x[i], activation);
}

void sd_f32_add__scalar(size_t n, const float *a, const float *b, float *y) {
  for (size_t i = 0; i < n; i++) y[i] = a[i] + b[i];
}

void sd_f32_interleave__scalar(size_t n, const float *a, const float *b, float *y) {
  for (size_t i = 0; i < n; i++) {
    y[2 * i] = a[i];
    y[2 * i + 1] = b[i];
  }
}

// MARK: - Channels

void sd_f32_channel_scale__scalar(
    size_t pixels, size_t channels, const float *x, const float *scale, float *y,
    size_t pixel_stride) {
  for (size_t i = 0; i < pixels; i++, x += pixel_stride, y += pixel_stride) {
    for (size_t c = 0; c < channels; c++) y[c] = x[c] * scale[c];
  }
}

void sd_f32_global_average__scalar(
    size_t pixels, size_t channels, const float *x, size_t pixel_stride, float *y) {
  for (size_t c = 0; c < channels; c++) {
    float sum = 0.0f;
    for (size_t i = 0; i < pixels; i++) sum += x[i * pixel_stride + c];
    y[c] = sum / (float)pixels;
  }
}

// MARK: - Pools

typedef struct {
  sd_window_side rows, columns;
} sd_window;

static float sd_maximum(const sd_f32_pool_args *args, const sd_window *window, const float *x) {
  float best = x[0];
  for (size_t i = 0; i < window->rows.end - window->rows.begin; i++) {
    for (size_t j = 0; j < window->columns.end - window->columns.begin; j++) {
      best = sd_max(best, x[i * args->x_row_stride + j * args->x_pixel_stride]);
    }
  }
  return best;
}

static float sd_mean(const sd_f32_pool_args *args, const sd_window *window, const float *x) {
  const size_t height = window->rows.end - window->rows.begin;
  const size_t width = window->columns.end - window->columns.begin;
  float sum = 0.0f;
  for (size_t i = 0; i < height; i++) {
    for (size_t j = 0; j < width; j++) {
      sum += x[i * args->x_row_stride + j * args->x_pixel_stride];
    }
  }
  return sum / (float)(args->count_padding ? args->kernel * args->kernel : height * width);
}

typedef float sd_reduce_fn(const sd_f32_pool_args *args, const sd_window *window, const float *x);

static void sd_pool(const sd_f32_pool_args *args, sd_reduce_fn *reduce) {
  for (size_t row = args->row_begin; row < args->row_end; row++) {
    for (size_t column = 0; column < args->out_width; column++) {
      const sd_window window = {
          .rows = sd_window_side_of(
              row, args->stride, args->pad_top, args->kernel, args->in_height),
          .columns = sd_window_side_of(
              column, args->stride, args->pad_left, args->kernel, args->in_width),
      };
      const float *x = args->x + window.rows.position * args->x_row_stride +
                       window.columns.position * args->x_pixel_stride;
      float *y = args->y + row * args->y_row_stride + column * args->y_pixel_stride;
      for (size_t c = 0; c < args->channels; c++) y[c] = reduce(args, &window, x + c);
    }
  }
}

void sd_f32_max_pool__scalar(const sd_f32_pool_args *args) { sd_pool(args, sd_maximum); }

void sd_f32_average_pool__scalar(const sd_f32_pool_args *args) { sd_pool(args, sd_mean); }
