#include "../simd/avx512.h"

#if SD_ARCH_X86_64
SD_TARGET_BEGIN
SD_INLINE sd_v sd_v_load_halves(const uint16_t *p) {
  return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p));
}
SD_TARGET_END

#include "f16_f32_widen_body.h"

SD_TARGET_BEGIN

// MARK: - bfloat16

void sd_bf16_f32_widen__avx512(size_t n, const sd_bf16 *x, float *y) {
  size_t i = 0;
  for (; i + SD_LANES <= n; i += SD_LANES) {
    sd_v_store(y + i, sd_v_widened(_mm256_loadu_si256((const __m256i *)(x + i))));
  }
  if (i == n) return;
  const __mmask16 rest = sd_v_first(n - i);
  sd_v_store_first(y + i, n - i, sd_v_widened(_mm256_maskz_loadu_epi16(rest, x + i)));
}

// The operations of the scalar version, because the instruction for this flushes subnormals to
// zero.
SD_INLINE __m256i sd_v_narrowed(sd_v x) {
  const __m512i bits = _mm512_castps_si512(x), upper = _mm512_srli_epi32(bits, 16);
  const __m512i odd = _mm512_and_si512(upper, _mm512_set1_epi32(1));
  const __m512i half = _mm512_add_epi32(_mm512_set1_epi32(0x7FFF), odd);
  const __m512i rounded = _mm512_srli_epi32(_mm512_add_epi32(bits, half), 16);
  const __m512i quiet = _mm512_or_si512(upper, _mm512_set1_epi32(0x40));
  const __mmask16 is_nan = _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q);
  return _mm512_cvtepi32_epi16(_mm512_mask_mov_epi32(rounded, is_nan, quiet));
}

void sd_f32_bf16_narrow__avx512(size_t n, const float *x, sd_bf16 *y) {
  size_t i = 0;
  for (; i + SD_LANES <= n; i += SD_LANES) {
    _mm256_storeu_si256((__m256i *)(y + i), sd_v_narrowed(sd_v_load(x + i)));
  }
  if (i == n) return;
  const __m256i last = sd_v_narrowed(sd_v_load_first(x + i, n - i));
  _mm256_mask_storeu_epi16(y + i, sd_v_first(n - i), last);
}

// MARK: - Bytes

// Negative numbers become 0, and so does NaN, which rounds to INT32_MIN.
SD_INLINE __m128i sd_quantized(sd_v x, sd_v inverse_step, sd_v zero) {
  const sd_v below = sd_v_min(sd_v_set1(255.0f), sd_v_fma(x, inverse_step, zero));
  const __m512i rounded = _mm512_max_epi32(_mm512_cvtps_epi32(below), _mm512_setzero_si512());
  return _mm512_cvtepi32_epi8(rounded);
}

void sd_f32_u8_quantize__avx512(
    size_t n, const float *x, float inverse_step, float zero, uint8_t *y) {
  const sd_v step = sd_v_set1(inverse_step), offset = sd_v_set1(zero);
  size_t i = 0;
  for (; i + SD_LANES <= n; i += SD_LANES) {
    _mm_storeu_si128((__m128i *)(y + i), sd_quantized(sd_v_load(x + i), step, offset));
  }
  if (i == n) return;
  const sd_v last = sd_v_load_first(x + i, n - i);
  _mm_mask_storeu_epi8(y + i, sd_v_first(n - i), sd_quantized(last, step, offset));
}

SD_INLINE sd_v sd_dequantized(__m128i bytes, sd_v step, sd_v zero) {
  const sd_v x = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes));
  return sd_v_mul(_mm512_sub_ps(x, zero), step);
}

void sd_u8_f32_dequantize__avx512(size_t n, const uint8_t *x, float step, float zero, float *y) {
  const sd_v factor = sd_v_set1(step), offset = sd_v_set1(zero);
  size_t i = 0;
  for (; i + SD_LANES <= n; i += SD_LANES) {
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(x + i));
    sd_v_store(y + i, sd_dequantized(bytes, factor, offset));
  }
  if (i == n) return;
  const __m128i bytes = _mm_maskz_loadu_epi8(sd_v_first(n - i), x + i);
  sd_v_store_first(y + i, n - i, sd_dequantized(bytes, factor, offset));
}

SD_TARGET_END
#endif
