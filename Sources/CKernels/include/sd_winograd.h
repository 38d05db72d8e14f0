// Winograd's convolution.
//
// A 3x3 convolution of stride 1 by tiles of 4x4 outputs, numbered row by row from the output's
// corner. A tile's window of 6x6 pixels becomes 36 vectors of channels; each is multiplied by the
// weights of its position, and the 36 products become the outputs. With
//   B' = 1    0   -5/2   0    1   0      A' = 1   1    1    1    1   0
//        0   -2a   -2    a    1   0           0   a   -a    b   -b   0
//        0    2a   -2   -a    1   0           0  1/2  1/2   2    2   0
//        0  -b/2  -1/2   b    1   0           0  a/2 -a/2  2b  -2b   1
//        0   b/2  -1/2  -b    1   0      a = sqrt(1/2), b = sqrt(2)
//        0    1     0  -5/2   0   1
// the input is V = B' X B, the products are M[i][j] = V[i][j] * U[i][j] and the output is A' M A,
// for weights U = G W G' with the rows
//   G = [1, 0, 0], -2/3 [1, a, 1/2], -2/3 [1, -a, 1/2], 1/6 [1, b, 2], 1/6 [1, -b, 2], [0, 0, 1].
#pragma once

#include "sd_activation.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  size_t channels;            // a multiple of 16
  size_t in_height, in_width;
  size_t pad_top, pad_left;   // zeros outside the input, to the right and below as well
  size_t columns;             // tiles in a row of tiles
  size_t begin, end;          // tiles to transform
  const float *x;             // input pixel (0, 0)
  size_t x_pixel_stride, x_row_stride;
  float *v;                   // [36][end - begin][channels]
} sd_f32_winograd_input_args;
// v[6 * i + j][tile] = V[i][j] of the tile's window.
typedef void sd_f32_winograd_input_fn(const sd_f32_winograd_input_args *args);

typedef struct {
  size_t channels;
  size_t out_height, out_width;  // outputs outside are not written
  size_t columns;                // tiles in a row of tiles
  size_t begin, end;             // tiles to compute
  const float *m;                // [36][end - begin][m_stride]
  size_t m_stride;
  const float *bias;             // `channels` floats
  const float *residual;         // output pixel (0, 0), added after the activation; or NULL
  size_t residual_pixel_stride, residual_row_stride;
  float *y;                      // output pixel (0, 0)
  size_t y_pixel_stride, y_row_stride;
  sd_activation activation;
} sd_f32_winograd_output_args;
// y of the tile = activation(bias + A' M A) + residual with M[i][j] = m[6 * i + j][tile].
typedef void sd_f32_winograd_output_fn(const sd_f32_winograd_output_args *args);

#ifdef __cplusplus
}
#endif
