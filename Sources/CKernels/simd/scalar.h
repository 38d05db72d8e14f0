// Scalar operations. Every vector version uses the same ones, with operands in the same order.
#pragma once

#include "../sd_kernels_internal.h"

// Like minps and maxps: a NaN in the second operand is the result.
SD_INLINE float sd_min(float a, float b) { return a < b ? a : b; }
SD_INLINE float sd_max(float a, float b) { return a > b ? a : b; }

// 6 * SD_SIXTH rounds to 1, so hard swish returns inputs above 3 unchanged.
#define SD_SIXTH (1.0f / 6.0f)

SD_INLINE float sd_activated(float x, sd_activation activation) {
  switch (activation) {
    case SD_ACTIVATION_NONE: return x;
    case SD_ACTIVATION_RELU: return sd_max(0.0f, x);
    case SD_ACTIVATION_RELU6: return sd_min(6.0f, sd_max(0.0f, x));
    case SD_ACTIVATION_HARD_SWISH: return x * (sd_min(6.0f, sd_max(0.0f, x + 3.0f)) * SD_SIXTH);
    case SD_ACTIVATION_HARD_SIGMOID: return sd_min(6.0f, sd_max(0.0f, x + 3.0f)) * SD_SIXTH;
  }
  return x;
}
