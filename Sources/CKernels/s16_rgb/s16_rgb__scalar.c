#include "../sd_kernels_internal.h"

static int32_t sd_sum(
    const int16_t *const *lines, const int16_t *weights, size_t taps, size_t pixel,
    int32_t rounding) {
  int32_t sum = rounding;
  for (size_t t = 0; t < taps; t++) sum += lines[t][pixel] * weights[t];
  return sum >> 10;
}

// The byte of a sum in steps of 2^-22.
static uint8_t sd_byte(int64_t sum) {
  const int64_t value = sum >> 22;
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

void sd_s16_rgb__scalar(const sd_s16_rgb_args *args) {
  uint8_t *rgb = args->rgb;
  for (size_t i = 0; i < args->pixels; i++, rgb += 3) {
    const int64_t y = sd_sum(args->luma, args->weights, args->taps, i, args->rounding);
    const int64_t u =
        sd_sum(args->blue, args->chroma_weights, args->chroma_taps, i, args->rounding) - 65536;
    const int64_t v =
        sd_sum(args->red, args->chroma_weights, args->chroma_taps, i, args->rounding) - 65536;
    const int64_t light = (y - args->luma_offset) * args->luma_scale + (1 << 21);
    rgb[0] = sd_byte(light + v * args->red_of_red);
    rgb[1] = sd_byte(light + v * args->green_of_red + u * args->green_of_blue);
    rgb[2] = sd_byte(light + u * args->blue_of_blue);
  }
}
