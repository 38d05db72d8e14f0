// The packed form of a resampling: a header, the first input of each output, the weights, and what
// an instruction set needs besides.
#pragma once

#include "../sd_kernels_internal.h"

#include <string.h>

typedef struct {
  size_t bytes;           // of a line
  size_t outputs, taps;   // as packed: rounded up, with weights of zero
  size_t step, offset;
  size_t form;            // which loop it is packed for; 0 is the scalar one
} sd_resampled_header;

enum { SD_RESAMPLED_ARRAYS = 64 };

// The largest multiple that an instruction set rounds taps up to.
enum { SD_RESAMPLED_TAPS = 16 };

SD_INLINE size_t sd_rounded_up(size_t n, size_t multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

SD_INLINE const int32_t *sd_resampled_first(const void *packed) {
  return (const int32_t *)((const char *)packed + SD_RESAMPLED_ARRAYS);
}

SD_INLINE const int16_t *sd_resampled_weights(const void *packed) {
  const size_t outputs = ((const sd_resampled_header *)packed)->outputs;
  return (const int16_t *)((const char *)sd_resampled_first(packed) +
                           sd_rounded_up(outputs * sizeof(int32_t), 64));
}

// Packs with outputs and taps rounded up. No output reads past the line: near its end an output
// begins earlier, with weights of zero in front. The line must have `taps` inputs.
SD_INLINE void sd_resampled_pack(
    const sd_resampling *r, size_t group, size_t taps, size_t form, void *packed) {
  sd_resampled_header *header = packed;
  *header = (sd_resampled_header){
      .bytes = r->inputs * r->step,
      .outputs = sd_rounded_up(r->outputs, group),
      .taps = taps,
      .step = r->step,
      .offset = r->offset,
      .form = form,
  };
  int32_t *first = (int32_t *)sd_resampled_first(packed);
  int16_t *weights = (int16_t *)sd_resampled_weights(packed);
  memset(first, 0, header->outputs * sizeof *first);
  memset(weights, 0, header->outputs * taps * sizeof *weights);
  for (size_t i = 0; i < r->outputs; i++) {
    const size_t wanted = (size_t)r->first[i];
    const size_t begin = sd_smaller(wanted, r->inputs - taps);
    first[i] = (int32_t)begin;
    memcpy(weights + i * taps + (wanted - begin), r->weights + i * r->taps,
           r->taps * sizeof *weights);
  }
}
