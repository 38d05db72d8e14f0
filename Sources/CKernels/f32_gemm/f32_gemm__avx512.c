// 24 accumulators of 16 floats whatever the panel's width (16 for the narrowest): enough to hide
// the latency of two multiply-adds a cycle, with registers to spare for a row of B.
#include "../sd_kernels_internal.h"

#if SD_ARCH_X86_64
static const sd_f32_gemm_tiles tiles = {
    .widest = 4,
    .panels = {
        sd_f32_gemm_16x16__avx512,
        sd_f32_gemm_12x32__avx512,
        sd_f32_gemm_8x48__avx512,
        sd_f32_gemm_6x64__avx512,
    },
    .halves = {
        sd_f32_gemm_16x8__avx512,
        sd_f32_gemm_12x24__avx512,
        sd_f32_gemm_8x40__avx512,
        sd_f32_gemm_6x56__avx512,
    },
};

void sd_f32_gemm_pack__avx512(size_t n, size_t k, const float *w, float *packed) {
  sd_f32_gemm_pack_panels(n, k, w, packed, &tiles);
}

void sd_f32_gemm__avx512(const sd_f32_gemm_args *args) { sd_f32_gemm_run(args, &tiles); }
#endif
