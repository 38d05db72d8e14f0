#include "../simd/avx2.h"

#if SD_ARCH_X86_64
#include <string.h>

SD_TARGET_BEGIN
SD_INLINE sd_v sd_v_load_halves(const uint16_t *p) {
  return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p));
}
SD_TARGET_END

#include "f16_f32_widen_body.h"
#endif
