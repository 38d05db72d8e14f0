// What the instruction sets share of Winograd's convolution F(4x4, 3x3): tiles and constants.
//
// Lavin and Gray 2015, arXiv:1509.09308: a tile of 4x4 outputs depends on 6x6 pixels. Both are
// polynomials, which are multiplied by their values at five points and at infinity. The points are
// 0, A, -A, B and -B with A = 1 / B: their powers are close to 1, so that rounding costs fewer bits
// than with 1 and 2.
#pragma once

#include "../sd_kernels_internal.h"

#include <stddef.h>

enum { SD_WINOGRAD_TILE = 4, SD_WINOGRAD_SIDE = 6 };

#define SD_WINOGRAD_A 0.70710678f   // the square root of 1/2
#define SD_WINOGRAD_A2 0.5f
#define SD_WINOGRAD_A3 0.35355339f
#define SD_WINOGRAD_B 1.41421356f   // the square root of 2
#define SD_WINOGRAD_B2 2.0f
#define SD_WINOGRAD_B3 2.82842712f
#define SD_WINOGRAD_SUM 2.5f        // A2 + B2

// The pixel of the input, maybe outside it, where the window of a tile begins.
typedef struct {
  ptrdiff_t top, left;
} sd_winograd_window;

SD_INLINE sd_winograd_window sd_winograd_window_of(
    const sd_f32_winograd_input_args *args, size_t tile) {
  return (sd_winograd_window){
      .top = (ptrdiff_t)(tile / args->columns * SD_WINOGRAD_TILE) - (ptrdiff_t)args->pad_top,
      .left = (ptrdiff_t)(tile % args->columns * SD_WINOGRAD_TILE) - (ptrdiff_t)args->pad_left,
  };
}

// Whether row or column `i` of a window that begins at `first` is one of `count`.
SD_INLINE bool sd_winograd_has(ptrdiff_t first, size_t i, size_t count) {
  const ptrdiff_t at = first + (ptrdiff_t)i;
  return at >= 0 && at < (ptrdiff_t)count;
}

SD_INLINE bool sd_winograd_is_inside(
    const sd_f32_winograd_input_args *args, const sd_winograd_window *window) {
  enum { LAST = SD_WINOGRAD_SIDE - 1 };
  return sd_winograd_has(window->top, 0, args->in_height) &&
         sd_winograd_has(window->top, LAST, args->in_height) &&
         sd_winograd_has(window->left, 0, args->in_width) &&
         sd_winograd_has(window->left, LAST, args->in_width);
}

// Pixel (i, j) of a window, which must be inside the input.
SD_INLINE const float *sd_winograd_pixel(
    const sd_f32_winograd_input_args *args, const sd_winograd_window *window, size_t i, size_t j) {
  return args->x + (window->top + (ptrdiff_t)i) * (ptrdiff_t)args->x_row_stride +
         (window->left + (ptrdiff_t)j) * (ptrdiff_t)args->x_pixel_stride;
}
