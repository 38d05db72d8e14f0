// Means of bytes in their vocabulary: four vectors of sums, or those of 16 channels at the end.

SD_TARGET_BEGIN

enum { SD_WIDE = 4, SD_NARROW = 16 / SD_LANES };

SD_INLINE void sd_average(
    const sd_u8_global_average_args *args, size_t channel, const size_t vectors) {
  const size_t stride = args->x_pixel_stride;
  const uint8_t *x = args->x + channel;
  sd_i sum[SD_WIDE];
  SD_UNROLL
  for (size_t j = 0; j < vectors; j++) sum[j] = sd_i_zero();
  for (size_t i = 0; i < args->pixels; i++, x += stride) {
    SD_UNROLL
    for (size_t j = 0; j < vectors; j++) {
      sum[j] = sd_i_add(sum[j], sd_i_load_bytes(x + j * SD_LANES));
    }
  }
  const sd_v scale = sd_v_set1(args->scale), bias = sd_v_set1(args->bias);
  SD_UNROLL
  for (size_t j = 0; j < vectors; j++) {
    sum[j] = sd_i_rounded(sd_v_fma(sd_v_of_i(sum[j]), scale, bias));
  }
  sd_bytes_store(args->y + channel, sum, vectors, 0, 255);
}

void SD_NAME(u8_global_average)(const sd_u8_global_average_args *args) {
  size_t c = 0;
  for (; c + SD_BYTES <= args->channels; c += SD_BYTES) sd_average(args, c, SD_WIDE);
  for (; c < args->channels; c += 16) sd_average(args, c, SD_NARROW);
}

SD_TARGET_END
