// Which part of a window lies inside the input.
#pragma once

#include <stddef.h>

// Along one side of a window, taps begin..<end lie inside the input; `position` is where the input
// meets tap `begin` (0 if there is none).
typedef struct {
  size_t begin, end, position;
} sd_window_side;

static inline sd_window_side sd_window_side_of(
    size_t output, size_t stride, size_t pad, size_t kernel, size_t input) {
  const size_t start = output * stride;  // counted from the start of the padding
  const size_t begin = start < pad ? pad - start : 0;
  const size_t room = input + pad > start ? input + pad - start : 0;
  const size_t end = room < kernel ? room : kernel;
  return (sd_window_side){
      .begin = begin < end ? begin : end,
      .end = end,
      .position = begin < end ? start + begin - pad : 0,
  };
}

// The windows of outputs first..<last lie wholly inside the input along this side.
typedef struct {
  size_t first, last;
} sd_inner_outputs;

static inline sd_inner_outputs sd_inner_outputs_of(
    size_t outputs, size_t stride, size_t pad, size_t kernel, size_t input) {
  const size_t count = input + pad >= kernel ? (input + pad - kernel) / stride + 1 : 0;
  const size_t last = count < outputs ? count : outputs;
  const size_t first = (pad + stride - 1) / stride;
  return (sd_inner_outputs){.first = first < last ? first : last, .last = last};
}
