// Floats to bytes. Every vector version uses the same operations, so bytes agree exactly: fused
// multiply-adds round alike in hardware and in libm.
#pragma once

#include "scalar.h"

#include <math.h>

// round(x), clamped to low...high; low for NaN.
SD_INLINE uint8_t sd_byte(float x, uint8_t low, uint8_t high) {
  const float clamped = sd_min((float)high, x);
  return clamped > (float)low ? (uint8_t)rintf(clamped) : low;
}

// The real number that a sum of products stands for; the zero point is already subtracted.
SD_INLINE float sd_scaled(int32_t sum, float scale, float bias) {
  return fmaf((float)sum, scale, bias);
}

// That number as a byte of the output, after an activation if there is one.
SD_INLINE uint8_t sd_requantized(
    float x, sd_activation activation, float step, float zero, uint8_t low, uint8_t high) {
  if (activation == SD_ACTIVATION_NONE) return sd_byte(x, low, high);
  return sd_byte(fmaf(sd_activated(x, activation), step, zero), low, high);
}
