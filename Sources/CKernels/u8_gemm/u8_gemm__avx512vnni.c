// 24 accumulators of 16 sums whatever the panel's width (16 for the narrowest), as for floats.
#include "../sd_kernels_internal.h"

#if SD_ARCH_X86_64
static const sd_u8_gemm_tiles tiles = {
    .widest = 4,
    .panels = {
        sd_u8_gemm_16x16__avx512vnni,
        sd_u8_gemm_12x32__avx512vnni,
        sd_u8_gemm_8x48__avx512vnni,
        sd_u8_gemm_6x64__avx512vnni,
    },
};

void sd_u8_gemm_pack__avx512vnni(
    size_t n, size_t k, const int8_t *w, uint8_t zero, const float *scale, const float *bias,
    void *packed) {
  sd_u8_gemm_pack_panels(n, k, w, zero, scale, bias, packed, tiles.widest);
}

void sd_u8_gemm__avx512vnni(const sd_u8_gemm_args *args) { sd_u8_gemm_run(args, &tiles); }
#endif
