#include "../simd/neon.h"

#if SD_ARCH_AARCH64
SD_INLINE sd_v sd_v_load_halves(const uint16_t *p) {
  return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)));
}

#include "f16_f32_widen_body.h"
#endif
