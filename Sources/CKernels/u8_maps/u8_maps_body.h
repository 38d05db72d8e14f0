// Means of channels and products with a factor for each, on maps of bytes. All pixels are processed
// for four vectors of channels at a time, then for 16 channels at a time.

SD_TARGET_BEGIN

enum { SD_WIDE = 4, SD_NARROW = 16 / SD_LANES };  // vectors of channels

SD_INLINE void sd_average_block(
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
  for (; c + SD_BYTES <= args->channels; c += SD_BYTES) sd_average_block(args, c, SD_WIDE);
  for (; c < args->channels; c += 16) sd_average_block(args, c, SD_NARROW);
}

SD_INLINE void sd_scale_block(
    const sd_u8_channel_scale_args *args, size_t channel, const size_t vectors) {
  sd_v factor[SD_WIDE], offset[SD_WIDE];
  SD_UNROLL
  for (size_t j = 0; j < vectors; j++) {
    const sd_v f = sd_v_load_bytes(args->factors + channel + j * SD_LANES);
    factor[j] = sd_v_mul(sd_v_add(f, sd_v_set1(-args->factor_zero)), sd_v_set1(args->scale));
    offset[j] = sd_v_fma(sd_v_set1(-args->zero), factor[j], sd_v_set1(args->out_zero));
  }
  const uint8_t *x = args->x + channel;
  uint8_t *y = args->y + channel;
  for (size_t i = 0; i < args->pixels; i++) {
    sd_i rounded[SD_WIDE];
    SD_UNROLL
    for (size_t j = 0; j < vectors; j++) {
      const sd_v v = sd_v_load_bytes(x + j * SD_LANES);
      rounded[j] = sd_i_rounded(sd_v_fma(v, factor[j], offset[j]));
    }
    sd_bytes_store(y, rounded, vectors, 0, 255);
    x += args->x_pixel_stride;
    y += args->y_pixel_stride;
  }
}

void SD_NAME(u8_channel_scale)(const sd_u8_channel_scale_args *args) {
  size_t c = 0;
  for (; c + SD_BYTES <= args->channels; c += SD_BYTES) sd_scale_block(args, c, SD_WIDE);
  for (; c < args->channels; c += 16) sd_scale_block(args, c, SD_NARROW);
}

SD_TARGET_END
