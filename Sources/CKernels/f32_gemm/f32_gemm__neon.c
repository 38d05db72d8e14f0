// 24 accumulators of 4 floats, 4 for a row of B, 1 for an element of A: 29 of 32 registers.
#include "../sd_kernels_internal.h"

#if SD_ARCH_AARCH64
static const sd_f32_gemm_tiles tiles = {.widest = 1, .panels = {sd_f32_gemm_6x16__neon}};

void sd_f32_gemm_pack__neon(size_t n, size_t k, const float *w, float *packed) {
  sd_f32_gemm_pack_panels(n, k, w, packed, &tiles);
}

void sd_f32_gemm__neon(const sd_f32_gemm_args *args) { sd_f32_gemm_run(args, &tiles); }
#endif
