#include "../simd/avx512.h"

#if SD_ARCH_X86_64
#include <string.h>

SD_TARGET_BEGIN
SD_INLINE sd_v sd_v_load_halves(const uint16_t *p) {
  return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p));
}
SD_TARGET_END

#include "f16_f32_widen_body.h"
#endif
