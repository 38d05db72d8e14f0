// Times the kernels on the layers of MobileNetV2-SSDLite at 300 x 300, with one thread: in FP32, in
// bfloat16 and 8 bits where those are fast, and from a frame's planes to the network's input.
//
// usage: kernels [repeats]     (default: 60; the best run of each layer counts)
#include "sd_kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  timespec_get(&t, TIME_UTC);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static float *floats(size_t count) {
  float *p = aligned_alloc(64, (count * sizeof(float) + 127) / 64 * 64);
  if (!p) abort();
  for (size_t i = 0; i < count; i++) p[i] = 0.01f * (float)(i % 17);
  return p;
}

static int repeats = 60;

typedef void call_fn(const sd_kernels *kernels, const void *args);

static double best_seconds(call_fn *call, const sd_kernels *kernels, const void *args) {
  double best = 1e9;
  for (int i = 0; i < repeats; i++) {
    const double start = now();
    call(kernels, args);
    const double taken = now() - start;
    if (taken < best) best = taken;
  }
  return best;
}

typedef struct {
  double seconds, operations;
} total;

static void add(total *sum, double seconds, double operations, size_t times) {
  printf("  %8.3f ms %7.1f GOP/s  x%zu\n", seconds * 1e3, operations / seconds * 1e-9, times);
  sum->seconds += seconds * (double)times;
  sum->operations += operations * (double)times;
}

static void print_total(const char *what, const total *sum) {
  printf("%s in all: %.3f ms, %.1f GOP/s, %.1f million multiply-adds\n\n", what,
         sum->seconds * 1e3, sum->operations / sum->seconds * 1e-9, sum->operations / 2e6);
}

// MARK: - Pointwise and depthwise layers

typedef struct {
  size_t m, k, n, times;
} pointwise_layer;

static const pointwise_layer pointwise[] = {
    {22500, 32, 32, 1}, {22500, 16, 96, 1}, {5625, 96, 32, 1}, {5625, 24, 144, 2},
    {5625, 144, 24, 1}, {1444, 144, 32, 1}, {1444, 32, 192, 3}, {1444, 192, 32, 2},
    {361, 192, 64, 1},  {361, 64, 384, 4},  {361, 384, 64, 3}, {361, 384, 96, 1},
    {361, 96, 576, 3},  {361, 576, 96, 2},  {100, 576, 160, 1}, {100, 160, 960, 3},
    {100, 960, 160, 2}, {100, 960, 320, 1}, {100, 320, 1280, 1}, {361, 576, 126, 1},
    {361, 576, 24, 1},  {100, 1280, 546, 1}, {100, 1280, 24, 1}, {100, 1280, 256, 1},
    {25, 256, 512, 1},  {25, 512, 546, 1},  {25, 512, 128, 1}, {9, 256, 546, 1},
    {4, 128, 256, 1},   {1, 256, 128, 1},   {1, 1280, 1000, 1},
};

typedef struct {
  size_t channels, side, kernel, stride, times;
} depthwise_layer;

static const depthwise_layer depthwise[] = {
    {32, 150, 3, 1, 1}, {96, 150, 3, 2, 1}, {144, 75, 3, 1, 1}, {144, 75, 3, 2, 1},
    {192, 38, 3, 1, 2}, {192, 38, 3, 2, 1}, {384, 19, 3, 1, 4}, {576, 19, 3, 1, 3},
    {576, 19, 3, 2, 1}, {960, 10, 3, 1, 3}, {1280, 10, 3, 1, 2}, {256, 10, 3, 2, 1},
    {512, 5, 3, 1, 2},  {512, 10, 3, 1, 1}, {120, 38, 5, 1, 2}, {672, 19, 5, 2, 1},
    {960, 10, 5, 1, 1},
};

static size_t padded(size_t n) { return (n + 15) / 16 * 16; }

// The number of output rows, which is also that of output columns.
static size_t outputs(const depthwise_layer *layer) {
  return (layer->side - 1) / layer->stride + 1;
}

// Times layers in one number format. Each function returns the best time of a layer in seconds;
// depthwise layers have padded channels.
typedef struct {
  const char *name;
  double (*pointwise)(const sd_kernels *kernels, const pointwise_layer *layer);
  double (*depthwise)(const sd_kernels *kernels, const depthwise_layer *layer);
} number_kind;

static void run_layers(const sd_kernels *kernels, const number_kind *kind) {
  char what[64];
  total sum = {0};
  for (size_t i = 0; i < sizeof pointwise / sizeof *pointwise; i++) {
    const pointwise_layer *layer = &pointwise[i];
    printf("m %5zu k %4zu n %4zu", layer->m, layer->k, layer->n);
    const double operations = 2.0 * (double)(layer->m * layer->k * layer->n);
    add(&sum, kind->pointwise(kernels, layer), operations, layer->times);
  }
  snprintf(what, sizeof what, "pointwise%s", kind->name);
  print_total(what, &sum);
  sum = (total){0};
  for (size_t i = 0; i < sizeof depthwise / sizeof *depthwise; i++) {
    depthwise_layer layer = depthwise[i];
    layer.channels = padded(layer.channels);
    const size_t out = outputs(&layer), taps = layer.kernel * layer.kernel;
    printf("%4zu channels %3zu x %3zu kernel %zu stride %zu", layer.channels, layer.side,
           layer.side, layer.kernel, layer.stride);
    const double operations = 2.0 * (double)(out * out * taps * layer.channels);
    add(&sum, kind->depthwise(kernels, &layer), operations, layer.times);
  }
  snprintf(what, sizeof what, "depthwise%s", kind->name);
  print_total(what, &sum);
}

// The arguments that all depthwise kernels have in common.
#define DEPTHWISE_SIZES(layer, out)                                                               \
  .channels = (layer)->channels, .kernel = (layer)->kernel, .stride = (layer)->stride,            \
  .in_height = (layer)->side, .in_width = (layer)->side, .out_width = (out),                      \
  .pad_top = (layer)->kernel / 2, .pad_left = (layer)->kernel / 2, .row_end = (out),              \
  .x_pixel_stride = (layer)->channels, .x_row_stride = (layer)->side * (layer)->channels,         \
  .y_pixel_stride = (layer)->channels, .y_row_stride = (out) * (layer)->channels

// MARK: - Floats

static void call_gemm(const sd_kernels *kernels, const void *args) { kernels->f32_gemm(args); }

static double time_pointwise(const sd_kernels *kernels, const pointwise_layer *layer) {
  const size_t m = layer->m, k = layer->k, n = layer->n, ldc = padded(n);
  float *a = floats(m * k), *w = floats(n * k), *bias = floats(ldc), *c = floats(m * ldc);
  float *b = floats(kernels->f32_gemm_packed_size(n, k));
  kernels->f32_gemm_pack(n, k, w, b);
  const sd_f32_gemm_args args = {
      .m = m, .n = n, .columns = ldc, .segments = 1, .k = k, .a = a, .lda = k, .b = b,
      .bias = bias, .c = c, .ldc = ldc, .activation = SD_ACTIVATION_RELU6,
  };
  const double seconds = best_seconds(call_gemm, kernels, &args);
  free(a), free(w), free(bias), free(c), free(b);
  return seconds;
}

static void call_depthwise(const sd_kernels *kernels, const void *args) {
  kernels->f32_depthwise(args);
}

static double time_depthwise(const sd_kernels *kernels, const depthwise_layer *layer) {
  const size_t channels = layer->channels, side = layer->side, out = outputs(layer);
  float *x = floats(side * side * channels), *y = floats(out * out * channels);
  float *w = floats(layer->kernel * layer->kernel * channels), *bias = floats(channels);
  const sd_f32_depthwise_args args = {
      DEPTHWISE_SIZES(layer, out), .x = x, .w = w, .bias = bias, .y = y,
      .activation = SD_ACTIVATION_RELU6,
  };
  const double seconds = best_seconds(call_depthwise, kernels, &args);
  free(x), free(y), free(w), free(bias);
  return seconds;
}

static const number_kind of_floats = {"", time_pointwise, time_depthwise};

// MARK: - bfloat16

static sd_bf16 *halves(size_t count) {
  sd_bf16 *p = aligned_alloc(64, (count * sizeof *p + 127) / 64 * 64);
  if (!p) abort();
  for (size_t i = 0; i < count; i++) p[i] = (sd_bf16)(0x3C00 + i % 17);
  return p;
}

static void call_bf16_gemm(const sd_kernels *kernels, const void *args) {
  kernels->bf16_gemm(args);
}

static double time_bf16_pointwise(const sd_kernels *kernels, const pointwise_layer *layer) {
  const size_t m = layer->m, k = layer->k, n = layer->n, ldc = padded(n);
  sd_bf16 *a = halves(m * k), *c = halves(m * ldc);
  sd_bf16 *b = halves(kernels->bf16_gemm_packed_size(n, 1, k));
  float *w = floats(n * k), *bias = floats(n);
  kernels->bf16_gemm_pack(n, 1, k, w, b);
  const sd_bf16_gemm_args args = {
      .m = m, .n = n, .segments = 1, .k = k, .a = a, .lda = k, .b = b, .bias = bias, .c = c,
      .ldc = ldc, .activation = SD_ACTIVATION_RELU6,
  };
  const double seconds = best_seconds(call_bf16_gemm, kernels, &args);
  free(a), free(w), free(bias), free(c), free(b);
  return seconds;
}

static void call_bf16_depthwise(const sd_kernels *kernels, const void *args) {
  kernels->bf16_depthwise(args);
}

static double time_bf16_depthwise(const sd_kernels *kernels, const depthwise_layer *layer) {
  const size_t channels = layer->channels, kernel = layer->kernel, side = layer->side;
  const size_t out = outputs(layer);
  sd_bf16 *x = halves(side * side * channels), *y = halves(out * out * channels);
  float *w = floats(kernel * kernel * channels), *bias = floats(channels);
  sd_bf16 *packed = halves(kernels->bf16_depthwise_packed_size(channels, kernel));
  kernels->bf16_depthwise_pack(channels, kernel, w, packed);
  const sd_bf16_depthwise_args args = {
      DEPTHWISE_SIZES(layer, out), .x = x, .packed = packed, .bias = bias, .y = y,
      .activation = SD_ACTIVATION_RELU6,
  };
  const double seconds = best_seconds(call_bf16_depthwise, kernels, &args);
  free(x), free(y), free(w), free(bias), free(packed);
  return seconds;
}

static const number_kind of_bf16 = {", bfloat16", time_bf16_pointwise, time_bf16_depthwise};

// MARK: - Bytes

static void *bytes(size_t count) {
  uint8_t *p = aligned_alloc(64, (count + 127) / 64 * 64);
  if (!p) abort();
  for (size_t i = 0; i < count; i++) p[i] = (uint8_t)(i % 17);
  return p;
}

static void call_u8_gemm(const sd_kernels *kernels, const void *args) { kernels->u8_gemm(args); }

static double time_u8_pointwise(const sd_kernels *kernels, const pointwise_layer *layer) {
  const size_t m = layer->m, n = layer->n, ldc = padded(n);
  const size_t k = padded(layer->k);  // maps of bytes have padded channels
  uint8_t *a = bytes(m * k), *c = bytes(m * ldc);
  void *packed = bytes(kernels->u8_gemm_packed_size(n, k));
  int8_t *w = bytes(n * k);
  float *scale = floats(n), *bias = floats(n);
  kernels->u8_gemm_pack(n, k, w, 3, scale, bias, packed);
  const sd_u8_gemm_args args = {
      .m = m, .n = n, .segments = 1, .k = k, .a = a, .lda = k, .packed = packed, .high = 255,
      .c = c, .ldc = ldc,
  };
  const double seconds = best_seconds(call_u8_gemm, kernels, &args);
  free(a), free(w), free(scale), free(bias), free(c), free(packed);
  return seconds;
}

static void call_u8_depthwise(const sd_kernels *kernels, const void *args) {
  kernels->u8_depthwise(args);
}

static double time_u8_depthwise(const sd_kernels *kernels, const depthwise_layer *layer) {
  const size_t channels = layer->channels, kernel = layer->kernel, side = layer->side;
  const size_t out = outputs(layer);
  uint8_t *x = bytes(side * side * channels), *y = bytes(out * out * channels);
  int8_t *w = bytes(kernel * kernel * channels);
  float *scale = floats(channels), *bias = floats(channels);
  void *packed = bytes(kernels->u8_depthwise_packed_size(channels, kernel));
  kernels->u8_depthwise_pack(channels, kernel, w, 3, scale, bias, packed);
  const sd_u8_depthwise_args args = {
      DEPTHWISE_SIZES(layer, out), .x = x, .zero = 3, .packed = packed, .high = 255, .y = y,
  };
  const double seconds = best_seconds(call_u8_depthwise, kernels, &args);
  free(x), free(y), free(w), free(scale), free(bias), free(packed);
  return seconds;
}

static const number_kind of_bytes = {", bytes", time_u8_pointwise, time_u8_depthwise};

static void call_u8_convolution(const sd_kernels *kernels, const void *args) {
  kernels->u8_convolution(args);
}

typedef struct {
  size_t channels, side, n, kernel, stride;
} convolution_layer;

// First layers, which read pixels, and SqueezeNet's.
static const convolution_layer convolutions[] = {
    {3, 300, 32, 3, 2}, {3, 320, 16, 3, 2}, {3, 227, 64, 3, 2}, {16, 56, 64, 3, 1},
    {64, 13, 256, 3, 1},
};

static void run_u8_convolution(const sd_kernels *kernels) {
  total sum = {0};
  for (size_t i = 0; i < sizeof convolutions / sizeof *convolutions; i++) {
    const convolution_layer layer = convolutions[i];
    const size_t channels = layer.channels, kernel = layer.kernel, n = layer.n, side = layer.side;
    const size_t out = (side - 1) / layer.stride + 1, run = (kernel * channels + 3) / 4 * 4;
    uint8_t *x = bytes(side * side * channels), *y = bytes(out * out * n);
    int8_t *w = bytes(n * kernel * run);
    float *zero = floats(channels), *scale = floats(n), *bias = floats(n);
    for (size_t c = 0; c < channels; c++) zero[c] = channels == 3 ? 127.5f : 3;
    void *packed = bytes(kernels->u8_convolution_packed_size(n, channels, kernel));
    kernels->u8_convolution_pack(n, channels, kernel, w, zero, scale, bias, packed);
    const sd_u8_convolution_args args = {
        .n = n, .channels = channels, .kernel = kernel, .stride = layer.stride,
        .in_height = side, .in_width = side, .out_width = out, .pad_top = kernel / 2,
        .pad_left = kernel / 2, .row_end = out, .x = x, .x_row_stride = side * channels,
        .packed = packed, .high = 255, .y = y, .y_pixel_stride = n, .y_row_stride = out * n,
    };
    printf("%4zu channels %3zu x %3zu to %3zu, kernel %zu stride %zu", channels, side, side, n,
           kernel, layer.stride);
    const double operations = 2.0 * (double)(out * out * kernel * kernel * channels * n);
    add(&sum, best_seconds(call_u8_convolution, kernels, &args), operations, 1);
    free(x), free(y), free(w), free(zero), free(scale), free(bias), free(packed);
  }
  print_total("convolutions, bytes", &sum);
}

// MARK: - Means and factors of channels, conversions

static void call_u8_average(const sd_kernels *kernels, const void *args) {
  kernels->u8_global_average(args);
}

static void call_u8_scale(const sd_kernels *kernels, const void *args) {
  kernels->u8_channel_scale(args);
}

typedef struct {
  size_t count;
  float *floats;
  uint8_t *bytes;
} run_of_numbers;

static void call_quantize(const sd_kernels *kernels, const void *args) {
  const run_of_numbers *run = args;
  kernels->f32_u8_quantize(run->count, run->floats, 21.3f, 77, run->bytes);
}

static void call_dequantize(const sd_kernels *kernels, const void *args) {
  const run_of_numbers *run = args;
  kernels->u8_f32_dequantize(run->count, run->bytes, 0.047f, 77, run->floats);
}

// Maps with squeeze and excitation in MobileNetV3-Large at 320 x 320: pixels, channels.
static const size_t squeezed[][2] = {{1600, 80}, {1600, 128}, {400, 480}, {400, 672}, {100, 672}};

static void run_u8_channels(const sd_kernels *kernels) {
  total sum = {0};
  for (size_t i = 0; i < sizeof squeezed / sizeof *squeezed; i++) {
    const size_t pixels = squeezed[i][0], channels = squeezed[i][1], count = pixels * channels;
    uint8_t *x = bytes(count), *y = bytes(count), *factors = bytes(channels);
    const sd_u8_global_average_args mean = {
        .pixels = pixels, .channels = channels, .x = x, .x_pixel_stride = channels,
        .scale = 1 / (float)pixels, .bias = 3, .y = y,
    };
    const sd_u8_channel_scale_args scale = {
        .pixels = pixels, .channels = channels, .x = x, .x_pixel_stride = channels,
        .factors = factors, .zero = 3, .factor_zero = 1, .out_zero = 5, .scale = 0.004f, .y = y,
        .y_pixel_stride = channels,
    };
    const run_of_numbers run = {.count = count, .floats = floats(count), .bytes = x};
    printf("%4zu pixels of %3zu channels, mean      ", pixels, channels);
    add(&sum, best_seconds(call_u8_average, kernels, &mean), (double)count, 1);
    printf("%4zu pixels of %3zu channels, factors   ", pixels, channels);
    add(&sum, best_seconds(call_u8_scale, kernels, &scale), (double)count, 1);
    printf("%4zu pixels of %3zu channels, to bytes  ", pixels, channels);
    add(&sum, best_seconds(call_quantize, kernels, &run), (double)count, 1);
    printf("%4zu pixels of %3zu channels, from bytes", pixels, channels);
    add(&sum, best_seconds(call_dequantize, kernels, &run), (double)count, 1);
    free(x), free(y), free(factors), free(run.floats);
  }
  printf("\n");
}

static void run_bytes(const sd_kernels *kernels) {
  if (!kernels->u8_is_fast) return;
  run_layers(kernels, &of_bytes);
  run_u8_convolution(kernels);
  run_u8_channels(kernels);
}

// MARK: - Pictures

// From the planes of a 1280 x 720 frame in 4:2:0 to 300 x 300. Each line of a plane is resampled
// once.
enum { PICTURE_SIDE = 300, PICTURE_ROOM = 320 };

typedef struct {
  void *packed;
  uint8_t *line;
  int16_t *output;
  size_t lines;
} line_call;

static void call_resample(const sd_kernels *kernels, const void *args) {
  const line_call *call = args;
  for (size_t i = 0; i < call->lines; i++) {
    kernels->u8_resample(call->packed, call->line, call->output);
  }
}

static void call_rgb(const sd_kernels *kernels, const void *args) {
  for (size_t i = 0; i < PICTURE_SIDE; i++) kernels->s16_rgb(args);
}

static void run_resampling(
    const sd_kernels *kernels, size_t inputs, size_t taps, size_t lines, total *sum) {
  int32_t first[PICTURE_SIDE];
  int16_t *weights = calloc(PICTURE_SIDE * taps, sizeof *weights);
  if (!weights) abort();
  for (size_t i = 0; i < PICTURE_SIDE; i++) {
    first[i] = (int32_t)(i * (inputs - taps) / (PICTURE_SIDE - 1));
    weights[i * taps] = 16384;
  }
  const sd_resampling resampling = {.inputs = inputs, .outputs = PICTURE_SIDE, .taps = taps,
                                    .step = 1, .first = first, .weights = weights};
  const size_t size = kernels->u8_resample_packed_size(&resampling);
  const line_call call = {
      .packed = aligned_alloc(64, (size + 63) / 64 * 64),
      .line = calloc(inputs, 1),
      .output = calloc(PICTURE_ROOM, sizeof *call.output),
      .lines = lines,
  };
  if (!call.packed || !call.line || !call.output) abort();
  kernels->u8_resample_pack(&resampling, call.packed);
  printf("resample %4zu by %2zu taps", inputs, taps);
  const double operations = 2.0 * PICTURE_SIDE * (double)(taps * lines);
  add(sum, best_seconds(call_resample, kernels, &call), operations, 1);
  free(weights), free(call.packed), free(call.line), free(call.output);
}

static void run_picture(const sd_kernels *kernels) {
  total sum = {0};
  run_resampling(kernels, 1280, 12, 720, &sum);
  run_resampling(kernels, 640, 8, 2 * 360, &sum);
  int16_t *samples = calloc(6 * PICTURE_ROOM, sizeof *samples);
  uint8_t *rgb = malloc(3 * PICTURE_SIDE);
  if (!samples || !rgb) abort();
  const int16_t *lines[6], weights[6] = {512, 768, 768, 768, 768, 512};
  for (size_t i = 0; i < 6; i++) lines[i] = samples + i * PICTURE_ROOM;
  const sd_s16_rgb_args args = {
      .pixels = PICTURE_SIDE, .taps = 6, .chroma_taps = 4, .luma = lines, .blue = lines,
      .red = lines + 2, .weights = weights, .chroma_weights = weights, .rounding = 512,
      .luma_offset = 8192, .luma_scale = 9539, .red_of_red = 14686, .green_of_red = -4366,
      .green_of_blue = -1747, .blue_of_blue = 17305, .rgb = rgb,
  };
  printf("colours of 6 and 4 lines");
  const double work = PICTURE_SIDE * PICTURE_SIDE * (2.0 * 14 + 18);
  add(&sum, best_seconds(call_rgb, kernels, &args), work, 1);
  print_total("picture", &sum);
  free(samples), free(rgb);
}

int main(int count, char **values) {
  if (count > 1) repeats = atoi(values[1]);
  if (repeats < 1) repeats = 1;
  for (sd_isa isa = SD_ISA_SCALAR; isa <= SD_ISA_NEON; isa++) {
    const char *only = getenv("STREAM_DETECT_ISA");
    if (!sd_isa_available(isa) || (only && strcmp(only, sd_isa_name(isa)) != 0)) continue;
    sd_kernels kernels;
    sd_kernels_init(&kernels, isa);
    printf("== %s\n", sd_isa_name(isa));
    run_layers(&kernels, &of_floats);
    run_picture(&kernels);
    if (kernels.bf16_is_fast) run_layers(&kernels, &of_bf16);
    run_bytes(&kernels);
    if (isa != SD_ISA_AVX2) continue;
    sd_kernels_init_basic(&kernels, isa);
    printf("== avx2, without VNNI\n");
    run_bytes(&kernels);
  }
  return 0;
}
