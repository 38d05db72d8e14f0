#include "../simd/scalar.h"
#include "f32_winograd.h"

// A row or column of six pixels, `stride` apart, times the points' powers.
static void sd_winograd_input(const float *d, size_t stride, float *t) {
  const float d0 = d[0], d1 = d[stride], d2 = d[2 * stride], d3 = d[3 * stride];
  const float d4 = d[4 * stride], d5 = d[5 * stride];
  const float even_a = d4 - SD_WINOGRAD_B2 * d2, even_b = d4 - SD_WINOGRAD_A2 * d2;
  const float odd_a = SD_WINOGRAD_A * (d3 - SD_WINOGRAD_B2 * d1);
  const float odd_b = SD_WINOGRAD_B * (d3 - SD_WINOGRAD_A2 * d1);
  t[0] = d0 + d4 - SD_WINOGRAD_SUM * d2;
  t[1] = even_a + odd_a;
  t[2] = even_a - odd_a;
  t[3] = even_b + odd_b;
  t[4] = even_b - odd_b;
  t[5] = d1 + d5 - SD_WINOGRAD_SUM * d3;
}

// The four outputs of a row or column of six products, `stride` apart.
static void sd_winograd_output(const float *m, size_t stride, float *y) {
  const float m1 = m[stride], m2 = m[2 * stride], m3 = m[3 * stride], m4 = m[4 * stride];
  y[0] = m[0] + (m1 + m2) + (m3 + m4);
  y[1] = SD_WINOGRAD_A * (m1 - m2) + SD_WINOGRAD_B * (m3 - m4);
  y[2] = SD_WINOGRAD_A2 * (m1 + m2) + SD_WINOGRAD_B2 * (m3 + m4);
  y[3] = SD_WINOGRAD_A3 * (m1 - m2) + SD_WINOGRAD_B3 * (m3 - m4) + m[5 * stride];
}

void sd_f32_winograd_input__scalar(const sd_f32_winograd_input_args *args) {
  enum { SIDE = SD_WINOGRAD_SIDE };
  const size_t position = (args->end - args->begin) * args->channels;
  float *v = args->v;
  for (size_t tile = args->begin; tile < args->end; tile++, v += args->channels) {
    const sd_winograd_window window = sd_winograd_window_of(args, tile);
    for (size_t c = 0; c < args->channels; c++) {
      float pixels[SIDE * SIDE], columns[SIDE * SIDE], t[SIDE];
      for (size_t i = 0; i < SIDE * SIDE; i++) {
        const bool is_pixel = sd_winograd_has(window.top, i / SIDE, args->in_height) &&
                              sd_winograd_has(window.left, i % SIDE, args->in_width);
        pixels[i] = is_pixel ? sd_winograd_pixel(args, &window, i / SIDE, i % SIDE)[c] : 0.0f;
      }
      for (size_t j = 0; j < SIDE; j++) sd_winograd_input(pixels + j, SIDE, columns + j * SIDE);
      for (size_t i = 0; i < SIDE; i++) {
        sd_winograd_input(columns + i, SIDE, t);
        for (size_t j = 0; j < SIDE; j++) v[(i * SIDE + j) * position + c] = t[j];
      }
    }
  }
}

void sd_f32_winograd_output__scalar(const sd_f32_winograd_output_args *args) {
  enum { SIDE = SD_WINOGRAD_SIDE, TILE = SD_WINOGRAD_TILE };
  const size_t position = (args->end - args->begin) * args->m_stride;
  const float *m = args->m;
  for (size_t tile = args->begin; tile < args->end; tile++, m += args->m_stride) {
    const size_t top = tile / args->columns * TILE, left = tile % args->columns * TILE;
    for (size_t c = 0; c < args->channels; c++) {
      float columns[SIDE * TILE], y[TILE];
      for (size_t j = 0; j < SIDE; j++) {
        sd_winograd_output(m + j * position + c, SIDE * position, columns + j * TILE);
      }
      for (size_t i = 0; i < TILE && top + i < args->out_height; i++) {
        sd_winograd_output(columns + i, TILE, y);
        for (size_t j = 0; j < TILE && left + j < args->out_width; j++) {
          const size_t row = top + i, column = left + j;
          float sum = sd_activated(y[j] + args->bias[c], args->activation);
          if (args->residual) {
            sum += args->residual[row * args->residual_row_stride +
                                  column * args->residual_pixel_stride + c];
          }
          args->y[row * args->y_row_stride + column * args->y_pixel_stride + c] = sum;
        }
      }
    }
  }
}
