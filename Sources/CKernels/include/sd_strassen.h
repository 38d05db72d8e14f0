// Strassen's matrix product.
//
// One level of Strassen's product in Winograd's form: seven products of matrices of half the size
// instead of eight. A has rows of pixels and columns of channels, and its upper and lower rows are
//   a = upper, left   b = upper, right   c = lower, left   d = lower, right,
// and the weights w are cut in the same way, into k, l (upper) and m, n (lower). The products are
//   P1 = a k                        P5 = (c + d) (l - k)
//   P2 = b m                        P6 = (c + d - a) (n - l + k)
//   P3 = (b - c - d + a) n          P7 = (a - c) (n - l)
//   P4 = d (n - l + k - m)
// and with U = P1 + P6 the result is
//   P1 + P2            U + P5 + P3
//   U + P7 - P4        U + P7 + P5.
//
// The sums mix channels of different magnitudes, and what a large one adds to a small one has to
// cancel again, which costs the small one its last digits. So b and d, and the columns of l and n,
// are multiplied by powers of two that make the rows and columns of the weights similar (Ballard et
// al. 2016, arXiv:1507.00687, section 6). That is exact, and undone in the weights and the outputs.
#pragma once

#include "sd_activation.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  size_t rows;         // of a half
  size_t channels;     // of a half
  const float *upper;  // row i at upper + i * lda: a, then b
  const float *lower;  // row i at lower + i * lda: c, then d
  size_t lda;
  const float *scale;  // `channels` floats
  float *s;            // [4][rows][stride]; `channels` floats of each row are written
  size_t stride;
} sd_f32_strassen_input_args;
// With b and d times scale: s[0] = c + d, s[1] = s[0] - a, s[2] = a - c, s[3] = b - s[1]. Rows of
// both halves may be the same.
typedef void sd_f32_strassen_input_fn(const sd_f32_strassen_input_args *args);

typedef struct {
  size_t rows;            // of a half
  size_t half;            // columns of the left half
  size_t columns;         // columns to write, at most 2 * half
  const float *products;  // [5][rows][half], see below
  const float *scale;     // `half` floats
  const float *bias;      // `columns` floats
  const float *residual;  // row i of the upper half at residual + i * ldr, added after the
  size_t ldr;             // activation; or NULL
  float *y;               // row i of the upper half at y + i * ldy
  size_t ldy;
  size_t lower;           // the row where the lower half begins, at most `rows`
  sd_activation activation;
} sd_f32_strassen_output_args;
// The sums m of each row, with the products p[0] = P1 + P2, p[1] = U + P3, p[2] = U + P7 - P4,
// p[3] = U + P7 and p[4] = P5:
//   upper: p[0], then scale * (p[1] + p[4])
//   lower: p[2], then scale * (p[3] + p[4])
// and y = activation(bias + m) + residual. Rows of both halves are written twice, those of the
// upper half last; y overlaps nothing.
typedef void sd_f32_strassen_output_fn(const sd_f32_strassen_output_args *args);

#ifdef __cplusplus
}
#endif
