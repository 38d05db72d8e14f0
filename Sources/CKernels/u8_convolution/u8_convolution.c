// Full convolutions of bytes, the same for every instruction set: the rows of windows are copied
// into strips, where they are the rows of a matrix product.
//
// zero[c], the input's number for a real zero, need not be whole. Its whole part stands in the
// strip for positions outside the input, and the product subtracts it again exactly. Its fraction
// is part of the bias; at the borders the share of the missing pixels is added back.
#include "../simd/window.h"
#include "../sd_kernels_internal.h"

#include <math.h>
#include <string.h>

enum { SD_STRIP_BYTES = 2 * SD_U8_CONVOLUTION_MAX_WINDOW };

// The packed form is this header, the whole parts of the zeros as bytes, the packed product, and
// what the fractions of the zeros add for each pixel of the window and column, [kernel * kernel][n,
// rounded up to whole groups].
typedef struct {
  int32_t has_fractions;
} sd_header;

enum { SD_ALIGNMENT = 64 };

static size_t sd_aligned(size_t bytes) {
  return (bytes + SD_ALIGNMENT - 1) / SD_ALIGNMENT * SD_ALIGNMENT;
}

// Bytes of a window's row in the product.
static size_t sd_run_of(size_t channels, size_t kernel) {
  return (kernel * channels + SD_QUAD - 1) / SD_QUAD * SD_QUAD;
}

static size_t sd_product_at(size_t channels) { return sd_aligned(sizeof(sd_header) + channels); }

static size_t sd_fractions_at(size_t n, size_t channels, size_t kernel) {
  return sd_product_at(channels) +
         sd_aligned(sd_u8_gemm_packed_size(n, kernel * sd_run_of(channels, kernel)));
}

size_t sd_u8_convolution_packed_size(size_t n, size_t channels, size_t kernel) {
  return sd_fractions_at(n, channels, kernel) + kernel * kernel * sd_padded(n) * sizeof(float);
}

bool sd_u8_convolution_is_finite(
    size_t n, size_t channels, size_t kernel, const void *packed) {
  const uint8_t *start = packed;
  const float *fractions = (const float *)(start + sd_fractions_at(n, channels, kernel));
  return sd_u8_gemm_is_finite(n, start + sd_product_at(channels)) &&
         sd_all_finite(kernel * kernel * sd_padded(n), fractions);
}

// MARK: - Packing

// The whole part of a zero, as a byte.
static uint8_t sd_whole(float zero) {
  if (!(zero > 0.0f)) return 0;
  return zero < 255.0f ? (uint8_t)floorf(zero) : 255;
}

// Subtracts what the zeros contribute to a column, whose weights are w, from its offset and bias.
static void sd_take_zeros(
    size_t channels, size_t kernel, const int8_t *w, const float *zero, float scale,
    int32_t *offset, float *bias, float *fractions, size_t padded) {
  const size_t run = sd_run_of(channels, kernel);
  int32_t whole = 0;
  float taken = 0.0f;
  for (size_t i = 0; i < kernel; i++) {
    for (size_t t = 0; t < kernel; t++) {
      float fraction = 0.0f;
      for (size_t c = 0; c < channels; c++) {
        const int8_t weight = w[i * run + t * channels + c];
        whole += weight * sd_whole(zero[c]);
        fraction += (float)weight * (zero[c] - (float)sd_whole(zero[c]));
      }
      fractions[(i * kernel + t) * padded] = scale * fraction;
      taken += scale * fraction;
    }
  }
  *offset -= whole;
  *bias -= taken;
}

// Not inlined: there would be a copy for every entry of the table.
__attribute__((noinline)) static void sd_pack_with(
    sd_u8_gemm_pack_fn *pack_product, size_t n, size_t channels, size_t kernel, const int8_t *w,
    const float *zero, const float *scale, const float *bias, void *packed) {
  const size_t padded = sd_padded(n), k = kernel * sd_run_of(channels, kernel);
  uint8_t *start = packed;
  memset(packed, 0, sd_u8_convolution_packed_size(n, channels, kernel));
  sd_header header = {0};
  for (size_t c = 0; c < channels; c++) {
    start[sizeof header + c] = sd_whole(zero[c]);
    if (zero[c] != (float)sd_whole(zero[c])) header.has_fractions = 1;
  }
  memcpy(start, &header, sizeof header);
  void *product = start + sd_product_at(channels);
  pack_product(n, k, w, 0, scale, bias, product);
  int32_t *offsets = product;
  float *biases = (float *)(offsets + padded) + padded;
  float *fractions = (float *)(void *)(start + sd_fractions_at(n, channels, kernel));
  for (size_t j = 0; j < n; j++) {
    sd_take_zeros(channels, kernel, w + j * k, zero, scale[j], offsets + j, biases + j,
                  fractions + j, padded);
  }
}

// MARK: - Strips

// The rows of input under a run of outputs, and what is needed to compute these.
typedef struct {
  const sd_u8_convolution_args *args;
  bool has_fractions;
  const uint8_t *outside;  // a pixel of zeros, their whole parts
  const float *bias, *fractions;
  size_t run, pitch;       // bytes of a window's row in the product, and of a row of the strip
  uint8_t bytes[SD_STRIP_BYTES];
} sd_strip;

static void sd_fill_outside(const sd_strip *strip, uint8_t *to, size_t pixels) {
  const size_t channels = strip->args->channels;
  for (size_t i = 0; i < pixels; i++, to += channels) memcpy(to, strip->outside, channels);
}

// Copies the input columns under outputs first..<last of row `row`.
static void sd_strip_fill(sd_strip *strip, size_t row, size_t first, size_t last) {
  const sd_u8_convolution_args *args = strip->args;
  const size_t channels = args->channels;
  const size_t columns = (last - first - 1) * args->stride + args->kernel;
  const size_t start = first * args->stride;  // counted from the start of the padding
  const size_t left = start < args->pad_left ? sd_smaller(args->pad_left - start, columns) : 0;
  const size_t from = start + left - args->pad_left;  // unused if nothing lies inside
  const size_t room = start + left < args->in_width + args->pad_left ? args->in_width - from : 0;
  const size_t inside = sd_smaller(room, columns - left);
  for (size_t i = 0; i < args->kernel; i++) {
    uint8_t *to = strip->bytes + i * strip->pitch;
    // Unsigned: a row above the input wraps around to one far below it.
    const size_t y = row * args->stride + i - args->pad_top;
    if (y >= args->in_height) {
      sd_fill_outside(strip, to, columns);
      continue;
    }
    sd_fill_outside(strip, to, left);
    if (inside > 0) {
      memcpy(to + left * channels, args->x + y * args->x_row_stride + from * channels,
             inside * channels);
    }
    sd_fill_outside(strip, to + (left + inside) * channels, columns - left - inside);
  }
}

// The bias of the outputs of row `row` that miss the same pixels as that of `column`; NULL for the
// packed bias.
static const float *sd_bias_of(const sd_strip *strip, size_t row, size_t column, float *bias) {
  const sd_u8_convolution_args *args = strip->args;
  if (!strip->has_fractions) return NULL;
  const size_t kernel = args->kernel, padded = sd_padded(args->n);
  const sd_window_side y =
      sd_window_side_of(row, args->stride, args->pad_top, kernel, args->in_height);
  const sd_window_side x =
      sd_window_side_of(column, args->stride, args->pad_left, kernel, args->in_width);
  if (y.begin == 0 && y.end == kernel && x.begin == 0 && x.end == kernel) return NULL;
  memcpy(bias, strip->bias, padded * sizeof *bias);
  for (size_t i = 0; i < kernel; i++) {
    for (size_t t = 0; t < kernel; t++) {
      if (i >= y.begin && i < y.end && t >= x.begin && t < x.end) continue;
      const float *fractions = strip->fractions + (i * kernel + t) * padded;
      for (size_t j = 0; j < padded; j++) bias[j] += fractions[j];
    }
  }
  return bias;
}

// Computes outputs first..<last of row `row`, which share a bias, from a strip that starts at
// `start`.
static void sd_strip_outputs(
    const sd_strip *strip, sd_u8_gemm_fn *product, sd_u8_gemm_args *rows, size_t row, size_t start,
    size_t first, size_t last) {
  if (first >= last) return;
  const sd_u8_convolution_args *args = strip->args;
  float bias[SD_U8_CONVOLUTION_MAX_COLUMNS];
  const size_t y = row * args->y_row_stride + first * args->y_pixel_stride;
  rows->m = last - first;
  rows->a = strip->bytes + (first - start) * rows->lda;
  rows->bias = sd_bias_of(strip, row, first, bias);
  if (args->residual) {
    rows->residual = args->residual + row * args->residual_row_stride +
                     first * args->residual_pixel_stride;
  }
  if (args->y_f32) {
    rows->c_f32 = args->y_f32 + y;
  } else {
    rows->c = args->y + y;
  }
  product(rows);
}

static void sd_row_outputs(
    sd_strip *strip, sd_u8_gemm_fn *product, sd_u8_gemm_args *rows, size_t row, size_t most) {
  const sd_u8_convolution_args *args = strip->args;
  sd_inner_outputs inner = {.last = args->out_width};
  if (strip->has_fractions) {
    inner = sd_inner_outputs_of(
        args->out_width, args->stride, args->pad_left, args->kernel, args->in_width);
  }
  size_t last;
  for (size_t first = 0; first < args->out_width; first = last) {
    last = sd_smaller(first + most, args->out_width);
    sd_strip_fill(strip, row, first, last);
    const size_t begin = inner.first < first ? first : sd_smaller(inner.first, last);
    const size_t end = inner.last < begin ? begin : sd_smaller(inner.last, last);
    for (size_t q = first; q < begin; q++) {
      sd_strip_outputs(strip, product, rows, row, first, q, q + 1);
    }
    sd_strip_outputs(strip, product, rows, row, first, begin, end);
    for (size_t q = end; q < last; q++) {
      sd_strip_outputs(strip, product, rows, row, first, q, q + 1);
    }
  }
}

static void sd_run(const sd_u8_convolution_args *args, sd_u8_gemm_fn *product) {
  const size_t channels = args->channels, kernel = args->kernel, padded = sd_padded(args->n);
  const uint8_t *packed = args->packed;
  sd_header header;
  memcpy(&header, packed, sizeof header);
  const int32_t *offsets = (const int32_t *)(const void *)(packed + sd_product_at(channels));
  sd_strip strip;  // not zeroed: it is large
  strip.args = args;
  strip.has_fractions = header.has_fractions != 0;
  strip.outside = packed + sizeof header;
  strip.bias = (const float *)(offsets + padded) + padded;
  strip.fractions =
      (const float *)(const void *)(packed + sd_fractions_at(args->n, channels, kernel));
  strip.run = sd_run_of(channels, kernel);
  // Columns that fit into a row of the strip; the last window may read up to a quad beyond them.
  const size_t most_columns = (SD_STRIP_BYTES / kernel - SD_QUAD) / channels;
  size_t most = (most_columns - kernel) / args->stride + 1;
  most = sd_smaller(most, args->out_width);
  strip.pitch = ((most - 1) * args->stride + kernel) * channels + SD_QUAD;
  for (size_t i = 0; i < kernel; i++) {
    // A quad's weights beyond the window are zero, but the bytes that they meet must be
    // initialised.
    memset(strip.bytes + (i + 1) * strip.pitch - SD_QUAD, 0, SD_QUAD);
  }
  sd_u8_gemm_args rows = {
      .n = args->n, .segments = kernel, .k = strip.run, .lda = args->stride * channels,
      .segment_stride = strip.pitch, .packed = offsets, .activation = args->activation,
      .step = args->step, .zero = args->out_zero, .low = args->low, .high = args->high,
      .ldr = args->residual_pixel_stride, .residual_scale = args->residual_scale,
      .ldc = args->y_pixel_stride, .ldc_f32 = args->y_pixel_stride,
  };
  for (size_t row = args->row_begin; row < args->row_end; row++) {
    sd_row_outputs(&strip, product, &rows, row, most);
  }
}

// MARK: - The table's entries

#define SD_U8_CONVOLUTION(isa)                                                          \
  void sd_u8_convolution_pack__##isa(                                                   \
      size_t n, size_t channels, size_t kernel, const int8_t *w, const float *zero,     \
      const float *scale, const float *bias, void *packed) {                            \
    sd_pack_with(                                                        \
        sd_u8_gemm_pack__##isa, n, channels, kernel, w, zero, scale, bias, packed);     \
  }                                                                                     \
  void sd_u8_convolution__##isa(const sd_u8_convolution_args *args) {                   \
    sd_run(args, sd_u8_gemm__##isa);                                     \
  }

SD_U8_CONVOLUTION(scalar)
#if SD_ARCH_X86_64
SD_U8_CONVOLUTION(avx2)
SD_U8_CONVOLUTION(avxvnni)
SD_U8_CONVOLUTION(avx512vnni)
#elif SD_ARCH_AARCH64
SD_U8_CONVOLUTION(neondot)
#endif
