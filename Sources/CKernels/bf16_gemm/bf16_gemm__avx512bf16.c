// 24 accumulators of 16 floats whatever the panel's width (16 for the narrowest), as for floats.
#include "../sd_kernels_internal.h"

#if SD_ARCH_X86_64
static const sd_bf16_gemm_tiles tiles = {
    .widest = 4,
    .panels = {
        sd_bf16_gemm_16x16__avx512bf16,
        sd_bf16_gemm_12x32__avx512bf16,
        sd_bf16_gemm_8x48__avx512bf16,
        sd_bf16_gemm_6x64__avx512bf16,
    },
};

void sd_bf16_gemm_pack__avx512bf16(
    size_t n, size_t segments, size_t k, const float *w, sd_bf16 *packed) {
  sd_bf16_gemm_pack_panels(n, segments, k, w, packed, tiles.widest);
}

void sd_bf16_gemm__avx512bf16(const sd_bf16_gemm_args *args) { sd_bf16_gemm_run(args, &tiles); }
#endif
