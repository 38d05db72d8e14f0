// Packs a depthwise convolution of bytes. Window sizes without tiles use the scalar form.

static bool sd_has_tiles(size_t kernel) { return kernel == 3 || kernel == 5; }

size_t SD_NAME(u8_depthwise_packed_size)(size_t channels, size_t kernel) {
  if (!sd_has_tiles(kernel)) return sd_u8_depthwise_packed_size__scalar(channels, kernel);
  size_t blocks = 0;
  for (size_t c = 0; c < channels; c += (size_t)SD_BYTES >> sd_block_shift(channels - c)) blocks++;
  return blocks * sd_block_bytes(kernel);
}

bool SD_NAME(u8_depthwise_is_finite)(size_t channels, size_t kernel, const void *packed) {
  if (!sd_has_tiles(kernel)) return sd_u8_depthwise_is_finite__scalar(channels, kernel, packed);
  const size_t size = SD_NAME(u8_depthwise_packed_size)(channels, kernel);
  bool is_finite = true;
  for (size_t at = 0; at < size; at += sd_block_bytes(kernel)) {
    is_finite &= sd_all_finite(2 * SD_NUMBERS, (const float *)((const uint8_t *)packed + at));
  }
  return is_finite;
}

// The channel, within its block, of lane `at` of vector `v`.
static size_t sd_channel_of(size_t width, size_t v, size_t at) {
  const size_t lane = at / SD_QUAD;
  return (lane * SD_LANE_BYTES + v * SD_QUAD + at % SD_QUAD) % width;
}

// The weight of row `row` of a quad, for row `r` of a tile; 0 outside the window.
static int8_t sd_weight_of(
    const int8_t *w, size_t kernel, size_t r, size_t quad, size_t row, size_t column) {
  const size_t i = quad * SD_QUAD + row - r;  // wraps around above the window
  return i < kernel ? w[i * kernel + column] : 0;
}

static void sd_pack_block(
    size_t width, size_t kernel, const int8_t *w, uint8_t zero, const float *scale,
    const float *bias, void *packed) {
  const size_t taps = kernel * kernel;
  float *scales = packed, *biases = scales + SD_NUMBERS;
  int32_t *offsets = (int32_t *)(biases + SD_NUMBERS);
  int8_t *to = (int8_t *)(offsets + SD_NUMBERS);
  for (size_t n = 0; n < SD_NUMBERS; n++) {
    const size_t c = sd_channel_of(width, n / SD_LANES, n % SD_LANES);
    int32_t sum = 0;
    for (size_t t = 0; t < taps; t++) sum += w[c * taps + t];
    scales[n] = scale[c];
    biases[n] = bias[c];
    offsets[n] = -sum * ((int32_t)zero - SD_BYTE_BIAS);
  }
  for (size_t r = 0; r < SD_ROWS; r++) {
    for (size_t quad = 0; quad < sd_quads_of(kernel); quad++) {
      for (size_t column = 0; column < kernel; column++) {
        for (size_t n = 0; n < SD_NUMBERS; n++) {
          const int8_t *from = w + taps * sd_channel_of(width, n / SD_LANES, n % SD_LANES);
          for (size_t row = 0; row < SD_QUAD; row++) {
            *to++ = sd_weight_of(from, kernel, r, quad, row, column);
          }
        }
      }
    }
  }
}

void SD_NAME(u8_depthwise_pack)(
    size_t channels, size_t kernel, const int8_t *w, uint8_t zero, const float *scale,
    const float *bias, void *packed) {
  if (!sd_has_tiles(kernel)) {
    sd_u8_depthwise_pack__scalar(channels, kernel, w, zero, scale, bias, packed);
    return;
  }
  uint8_t *to = packed;
  size_t width;
  for (size_t c = 0; c < channels; c += width, to += sd_block_bytes(kernel)) {
    width = (size_t)SD_BYTES >> sd_block_shift(channels - c);
    sd_pack_block(width, kernel, w + c * kernel * kernel, zero, scale + c, bias + c, to);
  }
}
