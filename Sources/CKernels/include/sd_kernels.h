// The micro-kernels: plain C functions behind one table per instruction set.
//
// Layout is NHWC. A pixel stride is the distance in elements between neighbouring pixels of a row,
// a row stride that between rows. Nothing here allocates, and nothing is read or written outside
// the ranges that a contract names. Pointers need only the alignment of their element type, unless
// a contract says otherwise.
#pragma once

#include "sd_activation.h"
#include "sd_strassen.h"
#include "sd_winograd.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// MARK: - Instruction sets

typedef enum {
  SD_ISA_SCALAR = 0,
  SD_ISA_AVX2 = 1,    // AVX2 and FMA
  SD_ISA_AVX512 = 2,  // AVX-512 F, BW, DQ, VL
  SD_ISA_NEON = 3,    // Advanced SIMD of AArch64
} sd_isa;

// Whether this machine can run `isa`. Ignores STREAM_DETECT_ISA.
bool sd_isa_available(sd_isa isa);
// The best instruction set of this machine; the environment variable STREAM_DETECT_ISA
// (scalar, avx2, avx512, neon) lowers it. An unknown or unavailable value is ignored.
sd_isa sd_isa_best(void);
// "scalar", "avx2", "avx512" or "neon"; "unknown" for anything else.
const char *sd_isa_name(sd_isa isa);

// MARK: - Waiting

// One iteration of a loop that waits a few microseconds for another thread; `turn` counts
// iterations. After many it yields the processor, in case the other thread needs it.
void sd_pause(long turn);

// MARK: - Matrix product (pointwise, linear and full convolutions)

// Floats that the packed form of a [n][k] weight matrix takes.
typedef size_t sd_f32_gemm_packed_size_fn(size_t n, size_t k);
// Packs `w` [n][k] (row-major: one row an output channel) for this instruction set's `f32_gemm`.
// `packed` has `packed_size(n, k)` floats and is 64-byte aligned.
typedef void sd_f32_gemm_pack_fn(size_t n, size_t k, const float *w, float *packed);

typedef struct {
  size_t m;               // rows (output pixels)
  size_t n;               // columns as packed
  size_t columns;         // columns to write, from n to the next multiple of 16; those after n get
                          // the activation of their bias, plus the residual
  size_t segments;        // a row of A is `segments` runs of `k` floats: the rows of a KxK window
  size_t k;               // floats in a run; the packed k is segments * k. If that is even, so is
                          // k
  const float *a;         // row i, run s starts at a + i * lda + s * segment_stride
  size_t lda;
  size_t segment_stride;  // unused when segments is 1
  const float *b;         // packed weights, 64-byte aligned
  const float *bias;      // `columns` floats
  const float *residual;  // row i at residual + i * ldr, added after the activation; or NULL
  size_t ldr;
  float *c;               // row i at c + i * ldc; exactly `columns` floats of each row are
  size_t ldc;             // written
  sd_activation activation;
} sd_f32_gemm_args;
// c[i][j] = activation(bias[j] + sum over s, k of a[i][s][k] * w[j][s * K + k]) + residual[i][j].
// `c` may equal `residual` (with ldc == ldr); it overlaps nothing else.
typedef void sd_f32_gemm_fn(const sd_f32_gemm_args *args);

// MARK: - Depthwise convolution

typedef struct {
  size_t channels;  // a multiple of 16
  size_t kernel;    // side of the square window; 3 and 5 are specialised
  size_t stride;
  size_t in_height, in_width;
  size_t out_width;
  size_t pad_top, pad_left;       // zeros outside the input, to the right and below as well
  size_t row_begin, row_end;      // output rows to compute
  const float *x;                 // input pixel (0, 0)
  size_t x_pixel_stride, x_row_stride;
  const float *w;                 // [kernel * kernel][channels]
  const float *bias;              // [channels]
  float *y;                       // output pixel (0, 0), not that of row_begin
  size_t y_pixel_stride, y_row_stride;
  sd_activation activation;
} sd_f32_depthwise_args;
// y[r][q][c] = activation(bias[c] + sum over i, j of x[r'][q'][c] * w[i * kernel + j][c])
// with r' = r * stride - pad_top + i and q' = q * stride - pad_left + j. Terms outside the input
// are omitted.
typedef void sd_f32_depthwise_fn(const sd_f32_depthwise_args *args);

// MARK: - Pooling

typedef struct {
  size_t channels;
  size_t kernel, stride;
  size_t in_height, in_width;
  size_t out_width;
  size_t pad_top, pad_left;
  size_t row_begin, row_end;  // output rows to compute
  bool count_padding;  // average only: divide by kernel * kernel even at the border
  const float *x;
  size_t x_pixel_stride, x_row_stride;
  float *y;
  size_t y_pixel_stride, y_row_stride;
} sd_f32_pool_args;
// Maximum or mean of the pixels of each window that lie inside the input; every window has at least
// one. The maximum of a window that contains NaN may be any of its pixels.
typedef void sd_f32_pool_fn(const sd_f32_pool_args *args);

// y[c] = mean over the `pixels` pixels of x.
typedef void sd_f32_global_average_fn(
    size_t pixels, size_t channels, const float *x, size_t pixel_stride, float *y);

// MARK: - Elementwise

// y[i][c] = x[i][c] * scale[c] for `pixels` rows of `channels` floats, pixel_stride apart. y may
// equal x.
typedef void sd_f32_channel_scale_fn(
    size_t pixels, size_t channels, const float *x, const float *scale, float *y,
    size_t pixel_stride);
// y[i] = activation(x[i]). y may equal x.
typedef void sd_f32_activate_fn(size_t n, const float *x, float *y, sd_activation activation);
// y[i] = a[i] + b[i]. y may equal a or b.
typedef void sd_f32_add_fn(size_t n, const float *a, const float *b, float *y);
// y[2 * i] = a[i] and y[2 * i + 1] = b[i], bit for bit. y overlaps nothing.
typedef void sd_f32_interleave_fn(size_t n, const float *a, const float *b, float *y);
// y[3 * i + c] = x[3 * i + order[c]] * scale[c] + bias[c]: 8-bit pixels into the network's input.
typedef void sd_u8_f32_normalize_fn(
    size_t pixels, const uint8_t *x, const uint8_t order[3], const float scale[3],
    const float bias[3], float *y);
// IEEE half to single precision, exact; a signalling NaN becomes quiet.
typedef void sd_f16_f32_widen_fn(size_t n, const uint16_t *x, float *y);

// MARK: - 8-bit integers
//
// Activations are unsigned bytes with a zero point, weights signed bytes in -127...127: a real
// number is step * (byte - zero). Sums are exact in 32 bits. Rounding is to nearest, ties to even.
// NaN, and a number out of the range of 32 bits, may become any byte between the bounds.

// Bytes that the packed form of a [n][k] weight matrix and its parameters take.
typedef size_t sd_u8_gemm_packed_size_fn(size_t n, size_t k);
// Whether the scales and biases in such a form are finite, for weights that come from a file.
typedef bool sd_u8_gemm_is_finite_fn(size_t n, const void *packed);
// Packs `w` [n][k] (row-major, k a multiple of 4) with `scale` and `bias`, n floats each, for this
// instruction set's `u8_gemm` and inputs whose zero point is `zero`. `packed` is 64-byte aligned.
typedef void sd_u8_gemm_pack_fn(
    size_t n, size_t k, const int8_t *w, uint8_t zero, const float *scale, const float *bias,
    void *packed);

typedef struct {
  size_t m;                  // rows (output pixels)
  size_t n;                  // columns, as packed
  size_t segments;           // a row of A is `segments` runs of `k` bytes: the rows of a window
  size_t k;                  // bytes in a run, a multiple of 4; the packed k is segments * k
  const uint8_t *a;          // row i, run s starts at a + i * lda + s * segment_stride
  size_t lda;
  size_t segment_stride;     // unused when segments is 1
  const void *packed;
  const float *bias;         // replaces the packed biases: n floats, rounded up to 16 as packed;
                             // or NULL
  sd_activation activation;  // none, hard swish or hard sigmoid; low and high do for ReLU
  float step, zero;          // of the output, with an activation; otherwise unused
  uint8_t low, high;         // bytes are clamped to these, low <= high
  const uint8_t *residual;   // row i at residual + i * ldr, n bytes; or NULL. Not with activation
  size_t ldr;
  float residual_scale;
  uint8_t *c;                // row i at c + i * ldc; n rounded up to a multiple of 16 bytes of each
  size_t ldc;                // row are written, those after n with anything
  float *c_f32;              // or NULL; if not, exactly n floats of each row are written here, and
  size_t ldc_f32;            // nothing to c. Not with activation or residual
} sd_u8_gemm_args;
// r[i][j]     = bias[j] + scale[j] * sum over s, k of (a[i][s][k] - zero point) * w[j][s * K + k]
// c[i][j]     = clamp(round(r[i][j] + residual[i][j] * residual_scale), low, high)   or
//               clamp(round(activation(r[i][j]) * step + zero), low, high)
// c_f32[i][j] = r[i][j]
// Without an activation, scale and bias are in steps of the output, and the bias includes the zero
// points of the output and the residual. `c` may equal `residual` (with ldc == ldr); it overlaps
// nothing else.
typedef void sd_u8_gemm_fn(const sd_u8_gemm_args *args);

// Bytes that the packed form of [channels][kernel * kernel] weights and their parameters take.
typedef size_t sd_u8_depthwise_packed_size_fn(size_t channels, size_t kernel);
// Whether the scales and biases in such a form are finite.
typedef bool sd_u8_depthwise_is_finite_fn(size_t channels, size_t kernel, const void *packed);
// Packs `w` [channels][kernel * kernel] with `scale` and `bias`, one float a channel, for this
// instruction set's `u8_depthwise` and inputs whose zero point is `zero`. `channels` is a multiple
// of 16; `packed` is 64-byte aligned.
typedef void sd_u8_depthwise_pack_fn(
    size_t channels, size_t kernel, const int8_t *w, uint8_t zero, const float *scale,
    const float *bias, void *packed);

typedef struct {
  size_t channels;  // a multiple of 16, as packed
  size_t kernel;    // side of the square window, as packed; 3 and 5 are fast, with strides 1 and 2
  size_t stride;
  size_t in_height, in_width;
  size_t out_width;
  size_t pad_top, pad_left;       // outside the input, to the right and below as well, is `zero`
  size_t row_begin, row_end;      // output rows to compute
  const uint8_t *x;               // input pixel (0, 0)
  size_t x_pixel_stride, x_row_stride;
  uint8_t zero;                   // zero point of the input, as packed
  const void *packed;
  sd_activation activation;       // none, hard swish or hard sigmoid
  float step, out_zero;           // of the output, with an activation; otherwise unused
  uint8_t low, high;              // bytes are clamped to these, low <= high
  uint8_t *y;                     // output pixel (0, 0), not that of row_begin
  size_t y_pixel_stride, y_row_stride;
} sd_u8_depthwise_args;
// The window of `sd_f32_depthwise_fn`, the arithmetic of `sd_u8_gemm_fn`. Exactly `channels` bytes
// of each pixel are written.
typedef void sd_u8_depthwise_fn(const sd_u8_depthwise_args *args);

// The most bytes in a window of a full convolution, kernel * kernel * channels.
enum { SD_U8_CONVOLUTION_MAX_WINDOW = 16384 };

// The most output channels of a full convolution whose zeros are not all whole.
enum { SD_U8_CONVOLUTION_MAX_COLUMNS = 1024 };

// Bytes that the packed form of [n][kernel][kernel][channels] weights and their parameters take.
typedef size_t sd_u8_convolution_packed_size_fn(size_t n, size_t channels, size_t kernel);
// Whether the scales, biases and fractions in such a form are finite.
typedef bool sd_u8_convolution_is_finite_fn(
    size_t n, size_t channels, size_t kernel, const void *packed);
// Packs `w` with `scale` and `bias`, n floats each, for this instruction set's `u8_convolution`.
// `w` is [n][kernel] rows of [kernel][channels], each padded with zeros to a multiple of 4. zero[c]
// is the value in channel c of the input that stands for a real 0: a zero point, or the mean of a
// normalisation, which need not be whole. `packed` is 64-byte aligned.
typedef void sd_u8_convolution_pack_fn(
    size_t n, size_t channels, size_t kernel, const int8_t *w, const float *zero,
    const float *scale, const float *bias, void *packed);

typedef struct {
  size_t n;                       // channels of the output, as packed
  size_t channels;                // of the input, as packed: the distance between its pixels
  size_t kernel, stride;
  size_t in_height, in_width;
  size_t out_width;
  size_t pad_top, pad_left;       // real zeros outside the input, to the right and below as well
  size_t row_begin, row_end;      // output rows to compute
  const uint8_t *x;               // input pixel (0, 0)
  size_t x_row_stride;
  const void *packed;
  sd_activation activation;       // from here on as for `u8_gemm`, with pixel and row strides
  float step, out_zero;
  uint8_t low, high;
  const uint8_t *residual;        // or NULL
  size_t residual_pixel_stride, residual_row_stride;
  float residual_scale;
  uint8_t *y;                     // output pixel (0, 0), not that of row_begin
  size_t y_pixel_stride, y_row_stride;
  float *y_f32;                   // or NULL; with the strides above, in floats
} sd_u8_convolution_args;
// The arithmetic of `sd_u8_gemm_fn` on windows: r = bias[j] + scale[j] * sum over the window's
// pixels inside the input of (x[...][c] - zero[c]) * w[j][...][c]. What the fractions of zeros add
// is computed in floats, and so is rounded.
typedef void sd_u8_convolution_fn(const sd_u8_convolution_args *args);

typedef struct {
  size_t pixels;       // at most 2^23
  size_t channels;     // a multiple of 16
  const uint8_t *x;
  size_t x_pixel_stride;
  float scale, bias;   // in steps of the output: the mean of x is scale times the sum, plus bias
  uint8_t *y;          // [channels]
} sd_u8_global_average_args;
// y[c] = clamp(round(bias + scale * sum over the pixels of x[.][c]), 0, 255)
typedef void sd_u8_global_average_fn(const sd_u8_global_average_args *args);

typedef struct {
  size_t pixels;
  size_t channels;                     // a multiple of 16
  const uint8_t *x;
  size_t x_pixel_stride;
  const uint8_t *factors;              // [channels]
  float zero, factor_zero, out_zero;   // zero points
  float scale;                         // step of the input * step of the factors / output step
  uint8_t *y;                          // may equal x, with the same stride
  size_t y_pixel_stride;
} sd_u8_channel_scale_args;
// f[c]    = (factors[c] - factor_zero) * scale
// y[i][c] = clamp(round(x[i][c] * f[c] + (out_zero - zero * f[c])), 0, 255), both sums fused
typedef void sd_u8_channel_scale_fn(const sd_u8_channel_scale_args *args);

// y[i] = clamp(round(x[i] * inverse_step + zero), 0, 255) for every x; 0 for NaN.
typedef void sd_f32_u8_quantize_fn(
    size_t n, const float *x, float inverse_step, float zero, uint8_t *y);
// y[i] = (x[i] - zero) * step
typedef void sd_u8_f32_dequantize_fn(
    size_t n, const uint8_t *x, float step, float zero, float *y);

// MARK: - Pictures
//
// A decoder's planes become red, green and blue in two steps, as in libswscale and with the same
// rounding. First each line is resampled to 16 bits, seven of them a fraction. Then, for each line
// of the output, several of those lines are summed and converted to colours.

typedef struct {
  size_t inputs, outputs;  // samples in a line, before and after
  size_t taps;             // inputs that contribute to an output; at most `inputs`
  size_t step, offset;     // in every `step` bytes, 1 or 2, the one at `offset` is the sample
  const int32_t *first;    // the first input of each output, ascending; first[i] + taps <= inputs
  const int16_t *weights;  // [outputs][taps], none negative; those of an output add up to 16384
} sd_resampling;
// A resampled line has room for `outputs`, rounded up to a multiple of this.
enum { SD_RESAMPLED_GROUP = 32 };
// Bytes that the packed form of a resampling with these sizes takes at most, whatever its weights.
typedef size_t sd_u8_resample_packed_size_fn(const sd_resampling *resampling);
// Packs a resampling for this instruction set's `u8_resample`. `packed` is 64-byte aligned.
typedef void sd_u8_resample_pack_fn(const sd_resampling *resampling, void *packed);
// y[i] = floor(sum over t of x[(first[i] + t) * step + offset] * weights[i][t] / 128). y has room
// for whole groups; whatever follows the last output is unspecified. At most `inputs * step` bytes
// of x are read.
typedef void sd_u8_resample_fn(const void *packed, const uint8_t *x, int16_t *y);

typedef struct {
  size_t pixels;                     // at least 1; the lines have room for whole groups
  size_t taps, chroma_taps;          // how many lines are summed
  const int16_t *const *luma;        // taps lines
  const int16_t *const *blue, *const *red;          // chroma_taps lines each
  const int16_t *weights, *chroma_weights;          // none negative; they add up to 4096
  int32_t rounding;                  // added to a sum before its lowest 10 bits are dropped
  int32_t luma_offset, luma_scale;   // of the colour matrix, in steps of 1 / 8192
  int32_t red_of_red, green_of_red, green_of_blue, blue_of_blue;
  uint8_t *rgb;                      // exactly 3 * pixels bytes are written
} sd_s16_rgb_args;
// Y, U and V are (rounding + sum of line * weight) >> 10, U and V minus 65536. Then
// red = ((Y - luma_offset) * luma_scale + V * red_of_red + 2^21) >> 22, clamped to a byte, and
// green and blue likewise. The magnitude of a factor is at most 18000.
typedef void sd_s16_rgb_fn(const sd_s16_rgb_args *args);

// MARK: - bfloat16
//
// The upper half of a float. Rounding is to nearest, ties to even. All kernels except the
// conversions may flush subnormals to zero.

typedef uint16_t sd_bf16;

// Numbers that the packed form of a [n][segments][k] weight matrix takes.
typedef size_t sd_bf16_gemm_packed_size_fn(size_t n, size_t segments, size_t k);
// Rounds and packs `w` [n][segments][k] for this instruction set's `bf16_gemm`. `packed` has
// `packed_size(n, segments, k)` numbers and is 64-byte aligned.
typedef void sd_bf16_gemm_pack_fn(
    size_t n, size_t segments, size_t k, const float *w, sd_bf16 *packed);

typedef struct {
  size_t m;                 // rows (output pixels)
  size_t n;                 // columns to write; the same as packed when rounded up to 16
  size_t segments, k;       // a row of A is `segments` runs of `k` numbers; as packed. If k is odd,
                            // the number after each run is read as well, and must be finite
  const sd_bf16 *a;         // row i, run s starts at a + i * lda + s * segment_stride
  size_t lda;
  size_t segment_stride;    // unused when segments is 1
  const sd_bf16 *b;         // packed weights, 64-byte aligned
  const float *bias;        // n floats
  const sd_bf16 *residual;  // row i at residual + i * ldr, added after the activation; or NULL
  size_t ldr;
  sd_bf16 *c;               // row i at c + i * ldc; exactly n numbers of each row are written
  float *c_f32;             // or NULL; if not, rows are written here unrounded instead of to c
  size_t ldc;
  sd_activation activation;
} sd_bf16_gemm_args;
// The product of `sd_f32_gemm_fn`; sums are floats. `c` may equal `residual` (with ldc == ldr); it
// overlaps nothing else.
typedef void sd_bf16_gemm_fn(const sd_bf16_gemm_args *args);

// Numbers that the packed form of [channels][kernel * kernel] weights takes.
typedef size_t sd_bf16_depthwise_packed_size_fn(size_t channels, size_t kernel);
// Rounds and packs `w` [channels][kernel * kernel]. `channels` is a multiple of 16; `packed` is
// 64-byte aligned.
typedef void sd_bf16_depthwise_pack_fn(
    size_t channels, size_t kernel, const float *w, sd_bf16 *packed);

typedef struct {
  size_t channels;  // a multiple of 16, as packed
  size_t kernel;    // side of the square window, as packed; 3 and 5 are fast, with strides 1 and 2
  size_t stride;
  size_t in_height, in_width;
  size_t out_width;
  size_t pad_top, pad_left;       // zeros outside the input, to the right and below as well
  size_t row_begin, row_end;      // output rows to compute
  const sd_bf16 *x;               // input pixel (0, 0)
  size_t x_pixel_stride, x_row_stride;
  const sd_bf16 *packed;
  const float *bias;              // [channels]
  sd_bf16 *y;                     // output pixel (0, 0), not that of row_begin
  size_t y_pixel_stride, y_row_stride;
  sd_activation activation;
} sd_bf16_depthwise_args;
// The convolution of `sd_f32_depthwise_fn`; sums are floats. Exactly `channels` numbers of each
// pixel are written, and only rows that a window reaches are read.
typedef void sd_bf16_depthwise_fn(const sd_bf16_depthwise_args *args);

// y[c] = mean over the `pixels` pixels of x.
typedef void sd_bf16_global_average_fn(
    size_t pixels, size_t channels, const sd_bf16 *x, size_t pixel_stride, sd_bf16 *y);
// y[i][c] = x[i][c] * scale[c] for `pixels` rows of `channels` numbers, pixel_stride apart. y may
// equal x.
typedef void sd_bf16_channel_scale_fn(
    size_t pixels, size_t channels, const sd_bf16 *x, const float *scale, sd_bf16 *y,
    size_t pixel_stride);
// Rounds. NaN stays NaN.
typedef void sd_f32_bf16_narrow_fn(size_t n, const float *x, sd_bf16 *y);
// Exact.
typedef void sd_bf16_f32_widen_fn(size_t n, const sd_bf16 *x, float *y);

// MARK: - The table

typedef struct {
  sd_isa isa;
  sd_f32_gemm_packed_size_fn *f32_gemm_packed_size;
  sd_f32_gemm_pack_fn *f32_gemm_pack;
  sd_f32_gemm_fn *f32_gemm;
  sd_f32_winograd_input_fn *f32_winograd_input;
  sd_f32_winograd_output_fn *f32_winograd_output;
  sd_f32_strassen_input_fn *f32_strassen_input;
  sd_f32_strassen_output_fn *f32_strassen_output;
  sd_f32_depthwise_fn *f32_depthwise;
  sd_f32_pool_fn *f32_max_pool;
  sd_f32_pool_fn *f32_average_pool;
  sd_f32_global_average_fn *f32_global_average;
  sd_f32_channel_scale_fn *f32_channel_scale;
  sd_f32_activate_fn *f32_activate;
  sd_f32_add_fn *f32_add;
  sd_f32_interleave_fn *f32_interleave;
  sd_u8_f32_normalize_fn *u8_f32_normalize;
  sd_f16_f32_widen_fn *f16_f32_widen;
  sd_u8_gemm_packed_size_fn *u8_gemm_packed_size;
  sd_u8_gemm_is_finite_fn *u8_gemm_is_finite;
  sd_u8_gemm_pack_fn *u8_gemm_pack;
  sd_u8_gemm_fn *u8_gemm;
  sd_u8_depthwise_packed_size_fn *u8_depthwise_packed_size;
  sd_u8_depthwise_is_finite_fn *u8_depthwise_is_finite;
  sd_u8_depthwise_pack_fn *u8_depthwise_pack;
  sd_u8_depthwise_fn *u8_depthwise;
  sd_u8_convolution_packed_size_fn *u8_convolution_packed_size;
  sd_u8_convolution_is_finite_fn *u8_convolution_is_finite;
  sd_u8_convolution_pack_fn *u8_convolution_pack;
  sd_u8_convolution_fn *u8_convolution;
  sd_u8_global_average_fn *u8_global_average;
  sd_u8_channel_scale_fn *u8_channel_scale;
  sd_f32_u8_quantize_fn *f32_u8_quantize;
  sd_u8_f32_dequantize_fn *u8_f32_dequantize;
  sd_u8_resample_packed_size_fn *u8_resample_packed_size;
  sd_u8_resample_pack_fn *u8_resample_pack;
  sd_u8_resample_fn *u8_resample;
  sd_s16_rgb_fn *s16_rgb;
  sd_bf16_gemm_packed_size_fn *bf16_gemm_packed_size;
  sd_bf16_gemm_pack_fn *bf16_gemm_pack;
  sd_bf16_gemm_fn *bf16_gemm;
  sd_bf16_depthwise_packed_size_fn *bf16_depthwise_packed_size;
  sd_bf16_depthwise_pack_fn *bf16_depthwise_pack;
  sd_bf16_depthwise_fn *bf16_depthwise;
  sd_bf16_global_average_fn *bf16_global_average;
  sd_bf16_channel_scale_fn *bf16_channel_scale;
  sd_f32_bf16_narrow_fn *f32_bf16_narrow;
  sd_bf16_f32_widen_fn *bf16_f32_widen;
  bool bf16_is_fast;  // products and convolutions of bfloat16 are faster than those of floats
  bool u8_is_fast;    // the same for bytes
} sd_kernels;

// Fills the table for `isa`, with the scalar reference where there is nothing better. If this
// machine cannot run `isa`, the whole table is scalar, as its `isa` then tells.
void sd_kernels_init(sd_kernels *kernels, sd_isa isa);
// The same for a processor that has `isa` but none of its later extensions (VNNI, dot products).
void sd_kernels_init_basic(sd_kernels *kernels, sd_isa isa);

#ifdef __cplusplus
}
#endif
