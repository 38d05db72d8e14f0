// The scalar operations whose order and operand roles every vector version repeats.
#pragma once

#include "../sd_kernels_internal.h"

// NaN in the second operand is kept, as by minps and maxps.
SD_INLINE float sd_min(float a, float b) { return a < b ? a : b; }
SD_INLINE float sd_max(float a, float b) { return a > b ? a : b; }

// 6 * SD_SIXTH rounds to 1, so hard swish leaves numbers above 3 as they are.
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
