// Resampled lines to colours. The file of the instruction set defines sd_q, which is SD_PIXELS
// numbers of 32 bits, and its functions.

// Added to sums, in units of 2^22, so that 32 unsigned bits hold them: they lie in -320...600.
enum { SD_ABOVE_ZERO = 320 };

SD_INLINE sd_q sd_q_sum(
    const int16_t *const *lines, const int16_t *weights, size_t taps, size_t pixel, sd_q sum) {
  for (size_t t = 0; t < taps; t++) sum = sd_q_add_line(sum, lines[t] + pixel, weights[t]);
  return sd_q_cut_10(sum);
}

// The byte of a sum in steps of 2^-22, to which SD_ABOVE_ZERO was added.
SD_INLINE sd_q sd_q_byte(sd_q sum) {
  return sd_q_clamped(sd_q_add(sd_q_cut_22(sum), sd_q_set1(-SD_ABOVE_ZERO)));
}

void SD_NAME(s16_rgb)(const sd_s16_rgb_args *args) {
  const sd_q rounding = sd_q_set1(args->rounding);
  const sd_q neutral = sd_q_set1(-65536), dark = sd_q_set1(-args->luma_offset);
  const sd_q base = sd_q_set1((1 << 21) + SD_ABOVE_ZERO * (1 << 22));
  const sd_q luma_scale = sd_q_set1(args->luma_scale);
  const sd_q red_of_red = sd_q_set1(args->red_of_red);
  const sd_q green_of_red = sd_q_set1(args->green_of_red);
  const sd_q green_of_blue = sd_q_set1(args->green_of_blue);
  const sd_q blue_of_blue = sd_q_set1(args->blue_of_blue);
  const int16_t *weights = args->weights, *chroma_weights = args->chroma_weights;
  const size_t taps = args->taps, chroma_taps = args->chroma_taps;
  for (size_t i = 0; i < args->pixels; i += SD_PIXELS) {
    const sd_q y = sd_q_sum(args->luma, weights, taps, i, rounding);
    const sd_q blue_sum = sd_q_sum(args->blue, chroma_weights, chroma_taps, i, rounding);
    const sd_q red_sum = sd_q_sum(args->red, chroma_weights, chroma_taps, i, rounding);
    const sd_q u = sd_q_add(blue_sum, neutral), v = sd_q_add(red_sum, neutral);
    const sd_q light = sd_q_add(sd_q_mul(sd_q_add(y, dark), luma_scale), base);
    const sd_q red = sd_q_byte(sd_q_add(light, sd_q_mul(v, red_of_red)));
    const sd_q green = sd_q_byte(
        sd_q_add(sd_q_add(light, sd_q_mul(v, green_of_red)), sd_q_mul(u, green_of_blue)));
    const sd_q blue = sd_q_byte(sd_q_add(light, sd_q_mul(u, blue_of_blue)));
    if (i + SD_PIXELS <= args->pixels) {
      sd_q_store_rgb(args->rgb + 3 * i, red, green, blue);
    } else {
      uint8_t last[3 * SD_PIXELS];
      sd_q_store_rgb(last, red, green, blue);
      memcpy(args->rgb + 3 * i, last, 3 * (args->pixels - i));
    }
  }
}
