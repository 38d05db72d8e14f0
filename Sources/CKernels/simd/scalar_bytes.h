// From numbers to bytes. Every vector version repeats these operations, so bytes agree exactly: the
// fused multiply-adds are those of the hardware or of libm, which round alike.
#pragma once

#include "scalar.h"

#include <math.h>

// round(x) between low and high; low for a NaN.
SD_INLINE uint8_t sd_byte(float x, uint8_t low, uint8_t high) {
  const float clamped = sd_min((float)high, x);
  return clamped > (float)low ? (uint8_t)rintf(clamped) : low;
}

// A sum of products, with the zero point taken out, as a number.
SD_INLINE float sd_scaled(int32_t sum, float scale, float bias) {
  return fmaf((float)sum, scale, bias);
}

// That number as a byte of an output with an activation or without.
SD_INLINE uint8_t sd_requantized(
    float x, sd_activation activation, float step, float zero, uint8_t low, uint8_t high) {
  if (activation == SD_ACTIVATION_NONE) return sd_byte(x, low, high);
  return sd_byte(fmaf(sd_activated(x, activation), step, zero), low, high);
}
