// Compares every kernel of this machine's instruction sets with the scalar reference, without
// Swift: scripts/test-neon.sh runs it for AArch64 under an emulator. Prints each failure and a
// summary.
#include "sd_kernels.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// MARK: - Random numbers and guarded buffers

static uint64_t state = 1;

static uint64_t next(void) {  // SplitMix64, Steele et al. 2014
  uint64_t z = state += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

static size_t in_range(size_t low, size_t high) {
  return low + (size_t)(next() % (high - low + 1));
}
static float in_unit(void) { return (float)(next() >> 40) * 0x1p-23f - 1.0f; }

enum { GUARD = 37 };
static const float POISON = 12345.678f;

// `count` floats, then a guard, deliberately aligned to 4 bytes and no more.
typedef struct {
  float *base, *p;
  size_t count;
} buffer;

static buffer poisoned(size_t count) {
  buffer b = {.base = malloc((count + 2 * GUARD) * sizeof(float)), .count = count};
  if (!b.base) abort();
  b.p = b.base + GUARD;
  for (size_t i = 0; i < count + 2 * GUARD; i++) b.base[i] = POISON;
  return b;
}

static buffer random_numbers(size_t count, float scale) {
  buffer b = poisoned(count);
  for (size_t i = 0; i < count; i++) b.p[i] = scale * in_unit();
  return b;
}

static int is_same(float a, float b) { return a == b || (isnan(a) && isnan(b)); }

// Compares everything, including guards; `tolerance` is the largest difference allowed.
static int agree(const buffer *a, const buffer *b, float tolerance) {
  for (size_t i = 0; i < a->count + 2 * GUARD; i++) {
    if (is_same(a->base[i], b->base[i])) continue;
    const int is_guard = i < GUARD || i >= a->count + GUARD;
    if (is_guard || !(fabsf(a->base[i] - b->base[i]) <= tolerance)) return 0;
  }
  return 1;
}

static int passed, failed;

static void report(int ok, const char *kernel, sd_isa isa, const char *sizes) {
  if (ok) {
    passed++;
    return;
  }
  failed++;
  printf("FAIL %s %s: %s\n", kernel, sd_isa_name(isa), sizes);
}

static char sizes[256];
#define SIZES(...) (snprintf(sizes, sizeof sizes, __VA_ARGS__), sizes)

static const sd_kernels *reference;

static sd_activation any_activation(void) { return (sd_activation)in_range(0, 4); }

// A bound on the difference of two sums of `terms` products of factors at most 1: each is within
// terms * epsilon * terms of the exact sum, and no activation has a slope above 1.5.
static float bound(size_t terms) { return 4.0f * (float)terms * (float)terms * FLT_EPSILON; }

// MARK: - Matrix product

static float *packed(const sd_kernels *kernels, size_t n, size_t k, const float *w) {
  const size_t count = kernels->f32_gemm_packed_size(n, k);
  float *p = aligned_alloc(64, (count * sizeof(float) + 127) / 64 * 64);
  if (!p) abort();
  kernels->f32_gemm_pack(n, k, w, p);
  return p;
}

static void check_gemm(const sd_kernels *kernels, size_t m, size_t n, size_t k, size_t segments) {
  // The contract asks for an even k if the packed k is even.
  if (segments % 2 == 0) k += k % 2;
  const size_t columns = in_range(n, (n + 15) / 16 * 16);
  const size_t segment_stride = k + in_range(0, 5);
  const size_t lda = in_range(1, 2) * (segments * segment_stride) + in_range(0, 3);
  const size_t ldc = columns + in_range(0, 20);
  buffer a = random_numbers(m * lda + segments * segment_stride, 1);
  buffer w = random_numbers(n * k * segments, 1);
  buffer bias = random_numbers(columns, 1);
  buffer c = random_numbers(m * ldc, 1);
  buffer d = poisoned(m * ldc);
  memcpy(d.p, c.p, m * ldc * sizeof(float));
  buffer residual = random_numbers(m * ldc, 1);
  float *b = packed(kernels, n, k * segments, w.p), *b0 = packed(reference, n, k * segments, w.p);
  const int choice = (int)in_range(0, 2);
  sd_f32_gemm_args args = {
      .m = m, .n = n, .columns = columns, .segments = segments, .k = k, .a = a.p, .lda = lda,
      .segment_stride = segment_stride, .b = b0, .bias = bias.p, .ldr = ldc, .c = c.p, .ldc = ldc,
      .activation = any_activation(),
  };
  args.residual = choice == 0 ? NULL : choice == 1 ? residual.p : c.p;
  reference->f32_gemm(&args);
  args.b = b;
  args.c = d.p;
  if (choice == 2) args.residual = d.p;
  kernels->f32_gemm(&args);
  report(agree(&c, &d, bound(k * segments + 2)), "f32_gemm", kernels->isa,
         SIZES("m %zu n %zu k %zu segments %zu activation %d residual %d", m, n, k, segments,
               (int)args.activation, choice));
  free(a.base), free(w.base), free(bias.base), free(c.base), free(d.base), free(residual.base);
  free(b), free(b0);
}

// MARK: - Windows

static void check_depthwise(const sd_kernels *kernels) {
  static const size_t sides[] = {1, 2, 3, 3, 3, 5, 5, 7};
  sd_f32_depthwise_args args = {
      .channels = 16 * in_range(1, 11), .kernel = sides[in_range(0, 7)], .stride = in_range(1, 3),
      .in_height = in_range(1, 13), .in_width = in_range(1, 19), .activation = any_activation(),
  };
  args.pad_top = in_range(0, args.kernel - 1);
  args.pad_left = in_range(0, args.kernel - 1);
  args.out_width = (args.in_width + args.pad_left - 1) / args.stride + 1;
  const size_t out_height = (args.in_height + args.pad_top - 1) / args.stride + 1;
  args.row_begin = in_range(0, out_height - 1);
  args.row_end = in_range(args.row_begin, out_height);
  args.x_pixel_stride = args.channels + in_range(0, 9);
  args.x_row_stride = args.in_width * args.x_pixel_stride + in_range(0, 9);
  args.y_pixel_stride = args.channels + in_range(0, 9);
  args.y_row_stride = args.out_width * args.y_pixel_stride + in_range(0, 9);
  buffer x = random_numbers(args.in_height * args.x_row_stride, 1);
  buffer w = random_numbers(args.kernel * args.kernel * args.channels, 1);
  buffer bias = random_numbers(args.channels, 1);
  buffer y = poisoned(out_height * args.y_row_stride), z = poisoned(out_height * args.y_row_stride);
  args.x = x.p;
  args.w = w.p;
  args.bias = bias.p;
  args.y = y.p;
  reference->f32_depthwise(&args);
  args.y = z.p;
  kernels->f32_depthwise(&args);
  report(agree(&y, &z, bound(args.kernel * args.kernel + 1)), "f32_depthwise", kernels->isa,
         SIZES("channels %zu kernel %zu stride %zu input %zu x %zu pads %zu, %zu rows %zu to %zu",
               args.channels, args.kernel, args.stride, args.in_height, args.in_width, args.pad_top,
               args.pad_left, args.row_begin, args.row_end));
  free(x.base), free(w.base), free(bias.base), free(y.base), free(z.base);
}

static void check_pools(const sd_kernels *kernels) {
  sd_f32_pool_args args = {
      .channels = in_range(1, 200), .kernel = in_range(1, 4), .stride = in_range(1, 3),
      .in_height = in_range(1, 9), .in_width = in_range(1, 9), .count_padding = in_range(0, 1),
  };
  args.pad_top = in_range(0, args.kernel - 1);
  args.pad_left = in_range(0, args.kernel - 1);
  const size_t out_height = (args.in_height + args.pad_top - 1) / args.stride + 1;
  args.row_begin = in_range(0, out_height - 1);
  args.row_end = in_range(args.row_begin, out_height);
  args.out_width = (args.in_width + args.pad_left - 1) / args.stride + 1;
  args.x_pixel_stride = args.channels + in_range(0, 9);
  args.x_row_stride = args.in_width * args.x_pixel_stride + in_range(0, 9);
  args.y_pixel_stride = args.channels + in_range(0, 9);
  args.y_row_stride = args.out_width * args.y_pixel_stride + in_range(0, 9);
  buffer x = random_numbers(args.in_height * args.x_row_stride, 1);
  args.x = x.p;
  for (int mean = 0; mean < 2; mean++) {
    const size_t count = out_height * args.y_row_stride;
    buffer y = poisoned(count), z = poisoned(count);
    args.y = y.p;
    (mean ? reference->f32_average_pool : reference->f32_max_pool)(&args);
    args.y = z.p;
    (mean ? kernels->f32_average_pool : kernels->f32_max_pool)(&args);
    report(agree(&y, &z, 0), mean ? "f32_average_pool" : "f32_max_pool", kernels->isa,
           SIZES("channels %zu kernel %zu stride %zu input %zu x %zu", args.channels, args.kernel,
                 args.stride, args.in_height, args.in_width));
    free(y.base), free(z.base);
  }
  free(x.base);
}

// MARK: - Winograd's convolution

static void check_winograd_input(const sd_kernels *kernels) {
  const size_t height = in_range(3, 14), width = in_range(3, 14);
  const size_t channels = 16 * in_range(1, 3), pixel = channels + in_range(0, 5);
  const size_t row = width * pixel + in_range(0, 5);
  const size_t columns = (width + 3) / 4, all = columns * ((height + 3) / 4);
  const size_t begin = in_range(0, all - 1), end = in_range(begin + 1, all);
  const size_t count = 36 * (end - begin) * channels;
  buffer x = random_numbers(height * row, 1), v = poisoned(count), w = poisoned(count);
  sd_f32_winograd_input_args args = {
      .channels = channels, .in_height = height, .in_width = width, .pad_top = in_range(0, 2),
      .pad_left = in_range(0, 2), .columns = columns, .begin = begin, .end = end, .x = x.p,
      .x_pixel_stride = pixel, .x_row_stride = row, .v = v.p,
  };
  reference->f32_winograd_input(&args);
  args.v = w.p;
  kernels->f32_winograd_input(&args);
  report(agree(&v, &w, 0), "f32_winograd_input", kernels->isa,
         SIZES("height %zu width %zu channels %zu", height, width, channels));
  free(x.base), free(v.base), free(w.base);
}

static void check_winograd_output(const sd_kernels *kernels) {
  const size_t height = in_range(1, 13), width = in_range(1, 13);
  const size_t channels = in_range(1, 70), pixel = channels + in_range(0, 5);
  const size_t row = width * pixel + in_range(0, 5), m_stride = channels + in_range(0, 5);
  const size_t columns = (width + 3) / 4, all = columns * ((height + 3) / 4);
  const size_t begin = in_range(0, all - 1), end = in_range(begin + 1, all);
  buffer m = random_numbers(36 * (end - begin) * m_stride, 1), bias = random_numbers(channels, 1);
  buffer residual = random_numbers(height * row, 1);
  buffer y = poisoned(height * row), z = poisoned(height * row);
  sd_f32_winograd_output_args args = {
      .channels = channels, .out_height = height, .out_width = width, .columns = columns,
      .begin = begin, .end = end, .m = m.p, .m_stride = m_stride, .bias = bias.p,
      .residual = in_range(0, 1) ? residual.p : NULL, .residual_pixel_stride = pixel,
      .residual_row_stride = row, .y = y.p, .y_pixel_stride = pixel, .y_row_stride = row,
      .activation = any_activation(),
  };
  reference->f32_winograd_output(&args);
  args.y = z.p;
  kernels->f32_winograd_output(&args);
  report(agree(&y, &z, 0), "f32_winograd_output", kernels->isa,
         SIZES("height %zu width %zu channels %zu", height, width, channels));
  free(m.base), free(bias.base), free(residual.base), free(y.base), free(z.base);
}

// MARK: - Strassen's product

static void check_strassen_input(const sd_kernels *kernels) {
  const size_t rows = in_range(1, 9), lower = rows - in_range(0, 1), channels = in_range(1, 70);
  const size_t lda = 2 * channels + in_range(0, 5), stride = channels + in_range(0, 5);
  buffer x = random_numbers((lower + rows) * lda, 1), scale = random_numbers(channels, 1);
  buffer s = poisoned(4 * rows * stride), t = poisoned(4 * rows * stride);
  sd_f32_strassen_input_args args = {
      .rows = rows, .channels = channels, .upper = x.p, .lower = x.p + lower * lda, .lda = lda,
      .scale = scale.p, .s = s.p, .stride = stride,
  };
  reference->f32_strassen_input(&args);
  args.s = t.p;
  kernels->f32_strassen_input(&args);
  report(agree(&s, &t, 0), "f32_strassen_input", kernels->isa,
         SIZES("rows %zu channels %zu", rows, channels));
  free(x.base), free(scale.base), free(s.base), free(t.base);
}

static void check_strassen_output(const sd_kernels *kernels) {
  const size_t rows = in_range(1, 9), lower = rows - in_range(0, 1), half = 16 * in_range(1, 4);
  const size_t columns = in_range(1, 2 * half), stride = columns + in_range(0, 5);
  buffer products = random_numbers(5 * rows * half, 1), scale = random_numbers(half, 1);
  buffer bias = random_numbers(columns, 1), residual = random_numbers((lower + rows) * stride, 1);
  buffer y = poisoned((lower + rows) * stride), z = poisoned((lower + rows) * stride);
  sd_f32_strassen_output_args args = {
      .rows = rows, .half = half, .columns = columns, .products = products.p, .scale = scale.p,
      .bias = bias.p, .residual = in_range(0, 1) ? residual.p : NULL, .ldr = stride, .y = y.p,
      .ldy = stride, .lower = lower, .activation = any_activation(),
  };
  reference->f32_strassen_output(&args);
  args.y = z.p;
  kernels->f32_strassen_output(&args);
  report(agree(&y, &z, 0), "f32_strassen_output", kernels->isa,
         SIZES("rows %zu half %zu columns %zu", rows, half, columns));
  free(products.base), free(scale.base), free(bias.base), free(residual.base);
  free(y.base), free(z.base);
}

// MARK: - Elementwise

static void check_pixels(const sd_kernels *kernels) {
  const size_t pixels = in_range(1, 40), channels = in_range(1, 150);
  const size_t stride = channels + in_range(0, 9);
  buffer x = random_numbers(pixels * stride, 1), scale = random_numbers(channels, 1);
  buffer y = poisoned(channels), z = poisoned(channels);
  reference->f32_global_average(pixels, channels, x.p, stride, y.p);
  kernels->f32_global_average(pixels, channels, x.p, stride, z.p);
  report(agree(&y, &z, 0), "f32_global_average", kernels->isa,
         SIZES("pixels %zu channels %zu", pixels, channels));
  buffer u = poisoned(pixels * stride), v = poisoned(pixels * stride);
  reference->f32_channel_scale(pixels, channels, x.p, scale.p, u.p, stride);
  kernels->f32_channel_scale(pixels, channels, x.p, scale.p, v.p, stride);
  report(agree(&u, &v, 0), "f32_channel_scale", kernels->isa,
         SIZES("pixels %zu channels %zu", pixels, channels));
  free(x.base), free(scale.base), free(y.base), free(z.base), free(u.base), free(v.base);
}

static void check_runs(const sd_kernels *kernels, size_t n) {
  buffer a = random_numbers(n, 8), b = random_numbers(n, 8);
  if (n > 3) a.p[n / 3] = NAN, a.p[n / 2] = INFINITY, a.p[n - 1] = -INFINITY;
  for (sd_activation f = SD_ACTIVATION_NONE; f <= SD_ACTIVATION_HARD_SIGMOID; f++) {
    buffer y = poisoned(n), z = poisoned(n);
    reference->f32_activate(n, a.p, y.p, f);
    kernels->f32_activate(n, a.p, z.p, f);
    report(agree(&y, &z, 0), "f32_activate", kernels->isa, SIZES("n %zu activation %d", n, (int)f));
    free(y.base), free(z.base);
  }
  buffer y = poisoned(n), z = poisoned(n);
  reference->f32_add(n, a.p, b.p, y.p);
  kernels->f32_add(n, a.p, b.p, z.p);
  report(agree(&y, &z, 0), "f32_add", kernels->isa, SIZES("n %zu", n));
  buffer pairs = poisoned(2 * n), found = poisoned(2 * n);
  reference->f32_interleave(n, a.p, b.p, pairs.p);
  kernels->f32_interleave(n, a.p, b.p, found.p);
  report(agree(&pairs, &found, 0), "f32_interleave", kernels->isa, SIZES("n %zu", n));
  free(a.base), free(b.base), free(y.base), free(z.base), free(pairs.base), free(found.base);
}

static void check_normalize(const sd_kernels *kernels, size_t pixels) {
  uint8_t *x = malloc(3 * pixels + 1);
  if (!x) abort();
  for (size_t i = 0; i < 3 * pixels; i++) x[i] = (uint8_t)next();
  const uint8_t order[3] = {
      (uint8_t)in_range(0, 2), (uint8_t)in_range(0, 2), (uint8_t)in_range(0, 2)};
  const float scale[3] = {in_unit(), in_unit(), in_unit()};
  const float bias[3] = {in_unit(), in_unit(), in_unit()};
  buffer y = poisoned(3 * pixels), z = poisoned(3 * pixels);
  reference->u8_f32_normalize(pixels, x, order, scale, bias, y.p);
  kernels->u8_f32_normalize(pixels, x, order, scale, bias, z.p);
  report(agree(&y, &z, 0), "u8_f32_normalize", kernels->isa, SIZES("pixels %zu", pixels));
  free(x), free(y.base), free(z.base);
}

static void check_widen(const sd_kernels *kernels, size_t n, uint16_t first) {
  uint16_t *x = malloc((n + 1) * sizeof *x);
  if (!x) abort();
  for (size_t i = 0; i < n; i++) x[i] = (uint16_t)(first + i);
  buffer y = poisoned(n), z = poisoned(n);
  reference->f16_f32_widen(n, x, y.p);
  kernels->f16_f32_widen(n, x, z.p);
  report(agree(&y, &z, 0), "f16_f32_widen", kernels->isa, SIZES("n %zu from %u", n, first));
  free(x), free(y.base), free(z.base);
}

#include "u8_checks.h"
#include "picture_checks.h"

static void check_all(const sd_kernels *kernels) {
  static const size_t heights[] = {1, 2, 5, 6, 7, 9, 25, 37, 100};
  for (size_t i = 0; i < sizeof heights / sizeof *heights; i++) {
    for (size_t n = 1; n <= 145; n += in_range(1, 9)) {
      check_gemm(kernels, heights[i], n, in_range(1, 60), in_range(1, 3));
    }
  }
  for (int i = 0; i < 1500; i++) check_depthwise(kernels);
  for (int i = 0; i < 200; i++) check_winograd_input(kernels);
  for (int i = 0; i < 200; i++) check_winograd_output(kernels);
  for (int i = 0; i < 200; i++) check_strassen_input(kernels);
  for (int i = 0; i < 200; i++) check_strassen_output(kernels);
  for (int i = 0; i < 300; i++) check_pools(kernels);
  for (int i = 0; i < 200; i++) check_pixels(kernels);
  for (size_t n = 0; n <= 67; n++) {
    check_runs(kernels, n);
    check_normalize(kernels, n);
    check_widen(kernels, n, (uint16_t)(n * 997));
  }
  check_widen(kernels, 65536, 0);
  check_bytes(kernels);
  check_pictures(kernels);
}

int main(void) {
  sd_kernels scalar, kernels;
  sd_kernels_init(&scalar, SD_ISA_SCALAR);
  reference = &scalar;
  for (sd_isa isa = SD_ISA_AVX2; isa <= SD_ISA_NEON; isa++) {
    if (!sd_isa_available(isa)) continue;
    sd_kernels_init(&kernels, isa);
    check_all(&kernels);
    sd_kernels_init_basic(&kernels, isa);
    check_bytes(&kernels);
  }
  printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
