// bfloat16 is the upper half of a float.
#pragma once

#include "scalar.h"

#include <string.h>

SD_INLINE float sd_widened(sd_bf16 x) {
  const uint32_t bits = (uint32_t)x << 16;
  float y;
  memcpy(&y, &bits, sizeof y);
  return y;
}

// To nearest, ties to even. A NaN keeps its upper bits and becomes quiet.
SD_INLINE sd_bf16 sd_narrowed(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  if (x != x) return (sd_bf16)(bits >> 16 | 0x40);
  return (sd_bf16)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}
