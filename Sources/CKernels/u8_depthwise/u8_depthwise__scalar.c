// The reference: one output at a time. The packed form is the scales, biases and offsets of the
// channels (an offset is minus the zero point times the sum of the weights), then the weights
// [kernel * kernel][channels].
#include "../simd/scalar_bytes.h"

enum { SD_PARAMETER_BYTES = 2 * sizeof(float) + sizeof(int32_t) };

size_t sd_u8_depthwise_packed_size__scalar(size_t channels, size_t kernel) {
  return channels * (SD_PARAMETER_BYTES + kernel * kernel);
}

bool sd_u8_depthwise_is_finite__scalar(size_t channels, size_t kernel, const void *packed) {
  (void)kernel;
  return sd_all_finite(2 * channels, packed);
}

void sd_u8_depthwise_pack__scalar(
    size_t channels, size_t kernel, const int8_t *w, uint8_t zero, const float *scale,
    const float *bias, void *packed) {
  const size_t taps = kernel * kernel;
  float *scales = packed, *biases = scales + channels;
  int32_t *offsets = (int32_t *)(biases + channels);
  int8_t *weights = (int8_t *)(offsets + channels);
  for (size_t c = 0; c < channels; c++) {
    int32_t sum = 0;
    for (size_t t = 0; t < taps; t++) {
      sum += w[c * taps + t];
      weights[t * channels + c] = w[c * taps + t];
    }
    offsets[c] = -sum * zero;
    scales[c] = scale[c];
    biases[c] = bias[c];
  }
}

static int32_t sd_sum_at(
    const sd_u8_depthwise_args *args, const int8_t *weights, size_t row, size_t column, size_t c) {
  int32_t sum = 0;
  for (size_t i = 0; i < args->kernel; i++) {
    // Unsigned: a position before the input wraps around to one far beyond it.
    const size_t y = row * args->stride + i - args->pad_top;
    for (size_t j = 0; j < args->kernel; j++) {
      const size_t x = column * args->stride + j - args->pad_left;
      const bool is_inside = y < args->in_height && x < args->in_width;
      const uint8_t value =
          is_inside ? args->x[y * args->x_row_stride + x * args->x_pixel_stride + c] : args->zero;
      sum += value * weights[(i * args->kernel + j) * args->channels + c];
    }
  }
  return sum;
}

void sd_u8_depthwise__scalar(const sd_u8_depthwise_args *args) {
  const size_t channels = args->channels;
  const float *scales = args->packed, *biases = scales + channels;
  const int32_t *offsets = (const int32_t *)(biases + channels);
  const int8_t *weights = (const int8_t *)(offsets + channels);
  for (size_t row = args->row_begin; row < args->row_end; row++) {
    for (size_t column = 0; column < args->out_width; column++) {
      uint8_t *y = args->y + row * args->y_row_stride + column * args->y_pixel_stride;
      for (size_t c = 0; c < channels; c++) {
        const int32_t sum = offsets[c] + sd_sum_at(args, weights, row, column, c);
        const float x = sd_scaled(sum, scales[c], biases[c]);
        y[c] = sd_requantized(
            x, args->activation, args->step, args->out_zero, args->low, args->high);
      }
    }
  }
}
