// The activations that kernels apply to their outputs.
#pragma once

// A NaN stays NaN.
typedef enum {
  SD_ACTIVATION_NONE = 0,
  SD_ACTIVATION_RELU = 1,          // max(x, 0)
  SD_ACTIVATION_RELU6 = 2,         // min(max(x, 0), 6)
  SD_ACTIVATION_HARD_SWISH = 3,    // x * min(max(x + 3, 0), 6) / 6
  SD_ACTIVATION_HARD_SIGMOID = 4,  // min(max(x + 3, 0), 6) / 6
} sd_activation;
