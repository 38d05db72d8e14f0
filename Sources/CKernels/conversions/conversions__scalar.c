#include "../simd/scalar_bf16.h"
#include "../simd/scalar_bytes.h"

// From the bit fields of IEEE 754 binary16: sign 1, exponent 5, fraction 10.
static float sd_widened_half(uint16_t half) {
  enum { FRACTION_BITS = 10, BIAS = 15, SINGLE_FRACTION_BITS = 23, SINGLE_BIAS = 127 };
  const uint32_t sign = (uint32_t)(half & 0x8000u) << 16;
  const uint32_t exponent = (half >> FRACTION_BITS) & 0x1fu;
  const uint32_t fraction = half & 0x3ffu;
  uint32_t magnitude;
  if (exponent == 0) {
    // Zero or subnormal: fraction * 2^-24, which single precision holds as a normal number.
    const float value = (float)fraction * 0x1p-24f;
    memcpy(&magnitude, &value, sizeof magnitude);
  } else if (exponent == 0x1f) {
    const uint32_t quiet = fraction ? 1u << (SINGLE_FRACTION_BITS - 1) : 0;
    magnitude = 0x7f800000u | quiet | fraction << (SINGLE_FRACTION_BITS - FRACTION_BITS);
  } else {
    magnitude = (exponent + SINGLE_BIAS - BIAS) << SINGLE_FRACTION_BITS |
                fraction << (SINGLE_FRACTION_BITS - FRACTION_BITS);
  }
  const uint32_t bits = sign | magnitude;
  float single;
  memcpy(&single, &bits, sizeof single);
  return single;
}

void sd_f16_f32_widen__scalar(size_t n, const uint16_t *x, float *y) {
  for (size_t i = 0; i < n; i++) y[i] = sd_widened_half(x[i]);
}

void sd_bf16_f32_widen__scalar(size_t n, const sd_bf16 *x, float *y) {
  for (size_t i = 0; i < n; i++) y[i] = sd_widened(x[i]);
}

void sd_f32_bf16_narrow__scalar(size_t n, const float *x, sd_bf16 *y) {
  for (size_t i = 0; i < n; i++) y[i] = sd_narrowed(x[i]);
}

void sd_f32_u8_quantize__scalar(
    size_t n, const float *x, float inverse_step, float zero, uint8_t *y) {
  for (size_t i = 0; i < n; i++) y[i] = sd_byte(fmaf(x[i], inverse_step, zero), 0, 255);
}

void sd_u8_f32_dequantize__scalar(size_t n, const uint8_t *x, float step, float zero, float *y) {
  for (size_t i = 0; i < n; i++) y[i] = ((float)x[i] - zero) * step;
}
