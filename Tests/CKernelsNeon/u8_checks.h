// The checks of the byte kernels. Included by neon_check.c, after its helpers.
#include <sys/mman.h>
#include <unistd.h>

// `count` poisoned bytes that end at a guarded page, so that a read or write after them ends the
// program.
typedef struct {
  uint8_t *base, *p;
  size_t count, mapped;
} bytes;

enum { BYTE_POISON = 0xA5 };

static bytes bytes_at_page_end(size_t count) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  const size_t readable = (count + GUARD + page - 1) / page * page;
  bytes b = {.count = count, .mapped = readable + page};
  b.base = mmap(NULL, b.mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (b.base == MAP_FAILED || mprotect(b.base + readable, page, PROT_NONE) != 0) abort();
  b.p = b.base + readable - count;
  memset(b.base, BYTE_POISON, readable);
  return b;
}

static bytes random_bytes(size_t count) {
  bytes b = bytes_at_page_end(count);
  for (size_t i = 0; i < count; i++) b.p[i] = (uint8_t)next();
  return b;
}

static bytes random_weights(size_t count) {
  bytes b = bytes_at_page_end(count);
  for (size_t i = 0; i < count; i++) b.p[i] = (uint8_t)(int8_t)((int)in_range(0, 254) - 127);
  return b;
}

static void free_bytes(bytes b) { munmap(b.base, b.mapped); }

static int same_bytes(const bytes *a, const bytes *b) {
  return memcmp(a->p - GUARD, b->p - GUARD, a->count + GUARD) == 0;
}

// Packed memory of `size` bytes, 64-byte aligned.
static void *packed_memory(size_t size) {
  void *p = aligned_alloc(64, (size + 127) / 64 * 64);
  if (!p) abort();
  return p;
}

// MARK: - Matrix product

// 0: plain, 1: hard swish, 2: hard sigmoid, 3: residual, 4: residual in place, 5: floats
static void check_u8_gemm(
    const sd_kernels *kernels, size_t m, size_t n, size_t run, size_t segments, size_t kind) {
  const size_t padded = (n + 15) / 16 * 16, k = segments * run;
  const size_t lda = run + in_range(0, 9), apart = run + in_range(0, 40);
  const size_t ldc = padded + in_range(0, 9), ldr = n + in_range(0, 9);
  const uint8_t zero = (uint8_t)next();
  bytes a = random_bytes((m - 1) * lda + (segments - 1) * apart + run), w = random_weights(n * k);
  bytes c = random_bytes(m * ldc), d = bytes_at_page_end(m * ldc);
  memcpy(d.p, c.p, c.count);
  bytes residual = random_bytes((m - 1) * ldr + n);
  const float range = kind == 1 || kind == 2 ? 6.0f : 200.0f;
  buffer scale = random_numbers(n, range / (float)(k + 20) / 2000), bias = random_numbers(n, range);
  buffer f = poisoned(m * ldc), g = poisoned(m * ldc);
  void *packed[2];
  const sd_kernels *tables[2] = {reference, kernels};
  for (size_t t = 0; t < 2; t++) {
    packed[t] = packed_memory(tables[t]->u8_gemm_packed_size(n, k));
    tables[t]->u8_gemm_pack(n, k, (const int8_t *)w.p, zero, scale.p, bias.p, packed[t]);
    uint8_t *out = t ? d.p : c.p;
    sd_u8_gemm_args args = {
        .m = m, .n = n, .segments = segments, .k = run, .a = a.p, .lda = lda,
        .segment_stride = apart, .packed = packed[t],
        .activation = kind == 1   ? SD_ACTIVATION_HARD_SWISH
                      : kind == 2 ? SD_ACTIVATION_HARD_SIGMOID
                                  : SD_ACTIVATION_NONE,
        .step = 30, .zero = 11, .low = kind % 2 ? 0 : 17, .high = kind % 2 ? 255 : 201,
        .residual = kind == 3 ? residual.p : kind == 4 ? out : NULL, .ldr = kind == 4 ? ldc : ldr,
        .residual_scale = 0.7f, .c = out, .ldc = ldc,
        .c_f32 = kind == 5 ? (t ? g.p : f.p) : NULL, .ldc_f32 = ldc,
    };
    tables[t]->u8_gemm(&args);
  }
  for (size_t i = 0; i < m && kind != 5; i++) {  // unspecified
    memset(c.p + i * ldc + n, 0, padded - n);
    memset(d.p + i * ldc + n, 0, padded - n);
  }
  report(same_bytes(&c, &d) && agree(&f, &g, 0), "u8_gemm", kernels->isa,
         SIZES("m %zu n %zu k %zu x %zu kind %zu", m, n, segments, run, kind));
  free_bytes(a), free_bytes(w), free_bytes(c), free_bytes(d), free_bytes(residual);
  free(scale.base), free(bias.base), free(f.base), free(g.base), free(packed[0]), free(packed[1]);
}

// MARK: - Depthwise

static void check_u8_depthwise(const sd_kernels *kernels) {
  static const size_t sides[] = {1, 2, 3, 3, 3, 5, 5, 7};
  const size_t kind = in_range(0, 2);
  sd_u8_depthwise_args args = {
      .channels = 16 * in_range(1, 11), .kernel = sides[in_range(0, 7)], .stride = in_range(1, 3),
      .in_height = in_range(1, 13), .in_width = in_range(1, in_range(0, 9) ? 19 : 190),
      .zero = (uint8_t)next(),
      .activation = kind == 1   ? SD_ACTIVATION_HARD_SWISH
                    : kind == 2 ? SD_ACTIVATION_HARD_SIGMOID
                                : SD_ACTIVATION_NONE,
      .step = 30, .out_zero = 11, .low = kind == 0 ? 9 : 0, .high = kind == 0 ? 222 : 255,
  };
  args.pad_top = in_range(0, args.kernel - 1);
  args.pad_left = in_range(0, args.kernel - 1);
  args.out_width = (args.in_width + args.pad_left - 1) / args.stride + 1;
  const size_t out_height = (args.in_height + args.pad_top - 1) / args.stride + 1;
  args.row_begin = in_range(0, out_height - 1);
  args.row_end = in_range(args.row_begin, out_height);
  const size_t gap = in_range(0, 1) ? in_range(0, 9) : 0;
  args.x_pixel_stride = args.channels + gap;
  args.x_row_stride = args.in_width * args.x_pixel_stride + gap;
  args.y_pixel_stride = args.channels + in_range(0, 9);
  args.y_row_stride = args.out_width * args.y_pixel_stride + in_range(0, 9);
  const size_t taps = args.kernel * args.kernel;
  const size_t last = (args.in_height - 1) * args.x_row_stride +
                      (args.in_width - 1) * args.x_pixel_stride + args.channels;
  bytes x = random_bytes(last), w = random_weights(args.channels * taps);
  const size_t count = (out_height - 1) * args.y_row_stride +
                       (args.out_width - 1) * args.y_pixel_stride + args.channels;
  bytes y = bytes_at_page_end(count), z = bytes_at_page_end(count);
  const float range = kind ? 6.0f : 200.0f;
  buffer scale = random_numbers(args.channels, range / (float)(taps + 2) / 2000);
  buffer bias = random_numbers(args.channels, range);
  const sd_kernels *tables[2] = {reference, kernels};
  for (size_t t = 0; t < 2; t++) {
    void *packed =
        packed_memory(tables[t]->u8_depthwise_packed_size(args.channels, args.kernel));
    tables[t]->u8_depthwise_pack(args.channels, args.kernel, (const int8_t *)w.p, args.zero,
                                 scale.p, bias.p, packed);
    args.packed = packed;
    args.x = x.p;
    args.y = t ? z.p : y.p;
    tables[t]->u8_depthwise(&args);
    free(packed);
  }
  report(same_bytes(&y, &z), "u8_depthwise", kernels->isa,
         SIZES("channels %zu kernel %zu stride %zu input %zu x %zu pads %zu, %zu rows %zu to %zu",
               args.channels, args.kernel, args.stride, args.in_height, args.in_width, args.pad_top,
               args.pad_left, args.row_begin, args.row_end));
  free_bytes(x), free_bytes(w), free_bytes(y), free_bytes(z), free(scale.base), free(bias.base);
}

// MARK: - Full convolution

static void check_u8_convolution(const sd_kernels *kernels) {
  const size_t kind = in_range(0, 4), wide = in_range(0, 9) == 0;
  sd_u8_convolution_args args = {
      .n = in_range(1, 80), .channels = in_range(1, 2) * in_range(1, 24), .kernel = in_range(1, 5),
      .stride = in_range(1, 3), .in_height = in_range(1, 9),
      .in_width = in_range(1, wide ? 400 : 19),
      .activation = kind == 1   ? SD_ACTIVATION_HARD_SWISH
                    : kind == 2 ? SD_ACTIVATION_HARD_SIGMOID
                                : SD_ACTIVATION_NONE,
      .step = 30, .out_zero = 11, .low = kind == 0 ? 9 : 0, .high = kind == 0 ? 222 : 255,
      .residual_scale = 0.7f,
  };
  const size_t padded = (args.n + 15) / 16 * 16, kernel = args.kernel, channels = args.channels;
  args.pad_top = in_range(0, kernel - 1);
  args.pad_left = in_range(0, kernel - 1);
  args.out_width = (args.in_width + args.pad_left - 1) / args.stride + 1;
  const size_t out_height = (args.in_height + args.pad_top - 1) / args.stride + 1;
  args.row_begin = in_range(0, out_height - 1);
  args.row_end = in_range(args.row_begin, out_height);
  args.x_row_stride = args.in_width * channels + in_range(0, 9);
  args.y_pixel_stride = padded + in_range(0, 9);
  args.y_row_stride = args.out_width * args.y_pixel_stride + in_range(0, 9);
  args.residual_pixel_stride = args.n + in_range(0, 9);
  args.residual_row_stride = args.out_width * args.residual_pixel_stride;
  const size_t run = (kernel * channels + 3) / 4 * 4;
  bytes x = random_bytes((args.in_height - 1) * args.x_row_stride + args.in_width * channels);
  bytes w = random_weights(args.n * kernel * run);
  for (size_t i = 0; i < args.n * kernel; i++) {
    memset(w.p + i * run + kernel * channels, 0, run - kernel * channels);
  }
  bytes residual = random_bytes(out_height * args.residual_row_stride);
  const size_t count = (out_height - 1) * args.y_row_stride +
                       (args.out_width - 1) * args.y_pixel_stride + padded;
  bytes y = bytes_at_page_end(count), z = bytes_at_page_end(count);
  buffer f = poisoned(count), g = poisoned(count);
  const float range = kind == 1 || kind == 2 ? 6.0f : 200.0f;
  buffer scale = random_numbers(args.n, range / (float)(kernel * run + 20) / 2000);
  buffer bias = random_numbers(args.n, range), zero = random_numbers(channels, 300);
  const int is_whole = in_range(0, 1) == 0;
  for (size_t c = 0; is_whole && c < channels; c++) zero.p[c] = (float)(next() % 256);
  const sd_kernels *tables[2] = {reference, kernels};
  for (size_t t = 0; t < 2; t++) {
    void *packed = packed_memory(tables[t]->u8_convolution_packed_size(args.n, channels, kernel));
    tables[t]->u8_convolution_pack(
        args.n, channels, kernel, (const int8_t *)w.p, zero.p, scale.p, bias.p, packed);
    args.packed = packed;
    args.x = x.p;
    args.y = t ? z.p : y.p;
    args.residual = kind == 3 ? residual.p : NULL;
    args.y_f32 = kind == 4 ? (t ? g.p : f.p) : NULL;
    tables[t]->u8_convolution(&args);
    for (size_t row = args.row_begin; row < args.row_end && kind != 4; row++) {
      for (size_t q = 0; q < args.out_width; q++) {  // unspecified
        memset(args.y + row * args.y_row_stride + q * args.y_pixel_stride + args.n, 0,
               padded - args.n);
      }
    }
    free(packed);
  }
  report(same_bytes(&y, &z) && agree(&f, &g, 0), "u8_convolution", kernels->isa,
         SIZES("channels %zu to %zu kernel %zu stride %zu input %zu x %zu pads %zu, %zu kind %zu",
               channels, args.n, kernel, args.stride, args.in_height, args.in_width, args.pad_top,
               args.pad_left, kind));
  free_bytes(x), free_bytes(w), free_bytes(residual), free_bytes(y), free_bytes(z);
  free(f.base), free(g.base), free(scale.base), free(bias.base), free(zero.base);
}

// MARK: - Means and factors of channels

static void check_u8_channels(const sd_kernels *kernels) {
  const size_t pixels = in_range(1, 70), channels = 16 * in_range(1, 13);
  const size_t gap = in_range(0, 9), apart = channels + in_range(0, 9);
  bytes x = random_bytes((pixels - 1) * (channels + gap) + channels);
  bytes factors = random_bytes(channels);
  bytes y = bytes_at_page_end(channels), z = bytes_at_page_end(channels);
  sd_u8_global_average_args mean = {
      .pixels = pixels, .channels = channels, .x = x.p, .x_pixel_stride = channels + gap,
      .scale = 1.7f / (float)pixels, .bias = -33.25f, .y = y.p,
  };
  reference->u8_global_average(&mean);
  mean.y = z.p;
  kernels->u8_global_average(&mean);
  report(same_bytes(&y, &z), "u8_global_average", kernels->isa,
         SIZES("pixels %zu channels %zu gap %zu", pixels, channels, gap));
  const size_t count = (pixels - 1) * apart + channels;
  bytes u = bytes_at_page_end(count), v = bytes_at_page_end(count);
  sd_u8_channel_scale_args scale = {
      .pixels = pixels, .channels = channels, .x = x.p, .x_pixel_stride = channels + gap,
      .factors = factors.p, .zero = 17, .factor_zero = 3, .out_zero = 21, .scale = 0.007f,
      .y = u.p, .y_pixel_stride = apart,
  };
  reference->u8_channel_scale(&scale);
  scale.y = v.p;
  kernels->u8_channel_scale(&scale);
  report(same_bytes(&u, &v), "u8_channel_scale", kernels->isa,
         SIZES("pixels %zu channels %zu gap %zu", pixels, channels, gap));
  free_bytes(x), free_bytes(factors), free_bytes(y), free_bytes(z), free_bytes(u), free_bytes(v);
}

// MARK: - Conversions

static void check_quantize(const sd_kernels *kernels, size_t n) {
  buffer x = random_numbers(n, 9);
  if (n > 3) x.p[n / 3] = NAN, x.p[n / 2] = INFINITY, x.p[n - 1] = -INFINITY, x.p[0] = 3e30f;
  bytes y = bytes_at_page_end(n), z = bytes_at_page_end(n);
  reference->f32_u8_quantize(n, x.p, 21.3f, 77, y.p);
  kernels->f32_u8_quantize(n, x.p, 21.3f, 77, z.p);
  report(same_bytes(&y, &z), "f32_u8_quantize", kernels->isa, SIZES("n %zu", n));
  buffer u = poisoned(n), v = poisoned(n);
  reference->u8_f32_dequantize(n, y.p, 0.0469f, 77, u.p);
  kernels->u8_f32_dequantize(n, y.p, 0.0469f, 77, v.p);
  report(agree(&u, &v, 0), "u8_f32_dequantize", kernels->isa, SIZES("n %zu", n));
  free_bytes(y), free_bytes(z), free(x.base), free(u.base), free(v.base);
}

static void check_bytes(const sd_kernels *kernels) {
  for (size_t m = 1; m <= 33; m += m < 17 ? 1 : 8) {
    for (size_t n = 1; n <= 145; n += in_range(1, 7)) {
      check_u8_gemm(kernels, m, n, 4 * in_range(1, 30), in_range(1, 3), in_range(0, 5));
    }
  }
  for (int i = 0; i < 2000; i++) check_u8_depthwise(kernels);
  for (int i = 0; i < 2000; i++) check_u8_convolution(kernels);
  for (int i = 0; i < 300; i++) check_u8_channels(kernels);
  for (size_t n = 0; n <= 67; n++) check_quantize(kernels, n);
}
