// Applies the activation to the sums of a tile. Included by a tile header.

#define SD_FOR_TILE(i, j)           \
  SD_UNROLL                         \
  for (size_t i = 0; i < rows; i++) \
    SD_UNROLL                       \
    for (size_t j = 0; j < SD_TILE_SUMS; j++)

SD_INLINE void sd_tile_activate(
    sd_activation which, const size_t rows, sd_v sum[][SD_TILE_SUMS]) {
  if (which == SD_ACTIVATION_NONE) return;
  const sd_v_activation activation = sd_v_activation_of(which);
  if (!activation.is_hard) {
    SD_FOR_TILE(i, j) sum[i][j] = sd_v_clamp(sum[i][j], activation.low, activation.high);
  } else if (activation.is_swish) {
    SD_FOR_TILE(i, j) sum[i][j] = sd_v_hard_swish(sum[i][j]);
  } else {
    SD_FOR_TILE(i, j) sum[i][j] = sd_v_hard_sigmoid(sum[i][j]);
  }
}
