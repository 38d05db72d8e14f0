#include "u8_resample_packed.h"

size_t sd_u8_resample_packed_size(const sd_resampling *r) {
  const size_t outputs = sd_rounded_up(r->outputs, SD_RESAMPLED_GROUP);
  const size_t taps = sd_rounded_up(r->taps, SD_RESAMPLED_TAPS);
  // What the AVX-512 version stores besides: 64 bytes for each group of 16 outputs.
  const size_t places = outputs / 16 * 64;
  return SD_RESAMPLED_ARRAYS + sd_rounded_up(outputs * sizeof(int32_t), 64) + places +
         outputs * taps * sizeof(int16_t);
}

void sd_u8_resample_pack__scalar(const sd_resampling *r, void *packed) {
  sd_resampled_pack(r, 1, r->taps, 0, packed);
}

void sd_u8_resample__scalar(const void *packed, const uint8_t *x, int16_t *y) {
  const sd_resampled_header *header = packed;
  const int32_t *first = sd_resampled_first(packed);
  const int16_t *weights = sd_resampled_weights(packed);
  for (size_t i = 0; i < header->outputs; i++, weights += header->taps) {
    const uint8_t *from = x + (size_t)first[i] * header->step + header->offset;
    int32_t sum = 0;
    for (size_t t = 0; t < header->taps; t++) sum += from[t * header->step] * weights[t];
    y[i] = (int16_t)(sum >> 7);
  }
}
