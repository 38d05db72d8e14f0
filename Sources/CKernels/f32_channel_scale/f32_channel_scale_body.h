// Product of each pixel with one vector of channels.

SD_TARGET_BEGIN

void SD_NAME(f32_channel_scale)(
    size_t pixels, size_t channels, const float *x, const float *scale, float *y,
    size_t pixel_stride) {
  const size_t whole = channels / SD_LANES * SD_LANES;
  for (size_t i = 0; i < pixels; i++, x += pixel_stride, y += pixel_stride) {
    for (size_t c = 0; c < whole; c += SD_LANES) {
      sd_v_store(y + c, sd_v_mul(sd_v_load(x + c), sd_v_load(scale + c)));
    }
    if (whole == channels) continue;
    const size_t n = channels - whole;
    const sd_v v = sd_v_mul(sd_v_load_first(x + whole, n), sd_v_load_first(scale + whole, n));
    sd_v_store_first(y + whole, n, v);
  }
}

SD_TARGET_END
