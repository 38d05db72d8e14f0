// Activations in the vector vocabulary. Included by the header of each instruction set.
#pragma once

#include "scalar.h"

#include <math.h>

SD_TARGET_BEGIN

// A clamp serves the rectifiers and, with infinite bounds, the identity.
typedef struct {
  sd_v low, high;
  bool is_hard, is_swish;
} sd_v_activation;

SD_INLINE sd_v_activation sd_v_activation_of(sd_activation activation) {
  const bool rectifies = activation == SD_ACTIVATION_RELU || activation == SD_ACTIVATION_RELU6;
  const bool is_swish = activation == SD_ACTIVATION_HARD_SWISH;
  return (sd_v_activation){
      .low = sd_v_set1(rectifies ? 0.0f : -INFINITY),
      .high = sd_v_set1(activation == SD_ACTIVATION_RELU6 ? 6.0f : INFINITY),
      .is_hard = is_swish || activation == SD_ACTIVATION_HARD_SIGMOID,
      .is_swish = is_swish,
  };
}

SD_INLINE sd_v sd_v_clamp(sd_v x, sd_v low, sd_v high) {
  return sd_v_min(high, sd_v_max(low, x));
}
SD_INLINE sd_v sd_v_hard_sigmoid(sd_v x) {
  const sd_v gate =
      sd_v_clamp(sd_v_add(x, sd_v_set1(3.0f)), sd_v_set1(0.0f), sd_v_set1(6.0f));
  return sd_v_mul(gate, sd_v_set1(SD_SIXTH));
}
SD_INLINE sd_v sd_v_hard_swish(sd_v x) {
  return sd_v_mul(x, sd_v_hard_sigmoid(x));
}

SD_INLINE sd_v sd_v_activated(sd_v x, const sd_v_activation *activation) {
  if (!activation->is_hard) return sd_v_clamp(x, activation->low, activation->high);
  return activation->is_swish ? sd_v_hard_swish(x) : sd_v_hard_sigmoid(x);
}

SD_TARGET_END
