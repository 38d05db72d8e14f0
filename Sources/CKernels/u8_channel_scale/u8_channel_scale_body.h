// Maps of bytes times a factor for each channel, in the vocabulary of bytes: four vectors of channels
// stay in registers while the pixels pass, or 16 channels at the end.

SD_TARGET_BEGIN

enum { SD_WIDE = 4, SD_NARROW = 16 / SD_LANES };

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
