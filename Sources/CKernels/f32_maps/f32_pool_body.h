// Pooling, up to 4 vectors of channels at a time. Each lane takes its pixels in the order of the
// reference, so results are the same bit for bit.
#include "../simd/window.h"

SD_TARGET_BEGIN

enum { SD_POOL_VECTORS = 4 };

// The part of a window inside the input, and the divisor of a mean.
typedef struct {
  const float *x;
  float *y;
  size_t height, width;
  size_t row_stride, pixel_stride;
  float divisor;
} sd_window;

SD_INLINE sd_v sd_pool_step(const bool is_mean, sd_v a, sd_v x) {
  return is_mean ? sd_v_add(a, x) : sd_v_max(a, x);
}

SD_INLINE void sd_pool_vectors(
    const sd_window *window, const bool is_mean, size_t c, const size_t vectors) {
  sd_v best[SD_POOL_VECTORS];
  const float *row = window->x + c;
  SD_UNROLL
  for (size_t v = 0; v < vectors; v++) {
    best[v] = is_mean ? sd_v_set1(0.0f) : sd_v_load(row + v * SD_LANES);
  }
  for (size_t i = 0; i < window->height; i++, row += window->row_stride) {
    const float *x = row;
    for (size_t j = 0; j < window->width; j++, x += window->pixel_stride) {
      SD_UNROLL
      for (size_t v = 0; v < vectors; v++) {
        best[v] = sd_pool_step(is_mean, best[v], sd_v_load(x + v * SD_LANES));
      }
    }
  }
  SD_UNROLL
  for (size_t v = 0; v < vectors; v++) {
    if (is_mean) best[v] = sd_v_div(best[v], sd_v_set1(window->divisor));
    sd_v_store(window->y + c + v * SD_LANES, best[v]);
  }
}

// The last n channels, fewer than a vector.
SD_INLINE void sd_pool_tail(const sd_window *window, const bool is_mean, size_t c, size_t n) {
  sd_v best = is_mean ? sd_v_set1(0.0f) : sd_v_load_first(window->x + c, n);
  for (size_t i = 0; i < window->height; i++) {
    for (size_t j = 0; j < window->width; j++) {
      const float *x = window->x + i * window->row_stride + j * window->pixel_stride + c;
      best = sd_pool_step(is_mean, best, sd_v_load_first(x, n));
    }
  }
  if (is_mean) best = sd_v_div(best, sd_v_set1(window->divisor));
  sd_v_store_first(window->y + c, n, best);
}

SD_INLINE void sd_pool(const sd_f32_pool_args *args, const bool is_mean) {
  const size_t channels = args->channels;
  for (size_t row = args->row_begin; row < args->row_end; row++) {
    const sd_window_side rows =
        sd_window_side_of(row, args->stride, args->pad_top, args->kernel, args->in_height);
    for (size_t column = 0; column < args->out_width; column++) {
      const sd_window_side columns =
          sd_window_side_of(column, args->stride, args->pad_left, args->kernel, args->in_width);
      sd_window window = {
          .x = args->x + rows.position * args->x_row_stride +
               columns.position * args->x_pixel_stride,
          .y = args->y + row * args->y_row_stride + column * args->y_pixel_stride,
          .height = rows.end - rows.begin,
          .width = columns.end - columns.begin,
          .row_stride = args->x_row_stride,
          .pixel_stride = args->x_pixel_stride,
      };
      const size_t inside = window.height * window.width;
      window.divisor = (float)(args->count_padding ? args->kernel * args->kernel : inside);
      size_t c = 0;
      for (; c + SD_POOL_VECTORS * SD_LANES <= channels; c += SD_POOL_VECTORS * SD_LANES) {
        sd_pool_vectors(&window, is_mean, c, SD_POOL_VECTORS);
      }
      for (; c + SD_LANES <= channels; c += SD_LANES) sd_pool_vectors(&window, is_mean, c, 1);
      if (c < channels) sd_pool_tail(&window, is_mean, c, channels - c);
    }
  }
}

void SD_NAME(f32_max_pool)(const sd_f32_pool_args *args) { sd_pool(args, false); }

void SD_NAME(f32_average_pool)(const sd_f32_pool_args *args) { sd_pool(args, true); }

SD_TARGET_END
