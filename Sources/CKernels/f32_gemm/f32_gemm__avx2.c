// 12 accumulators of 8 floats, 2 vectors of B and 1 of A: 15 of 16 registers.
#include "../simd/avx2.h"

#if SD_ARCH_X86_64
#define SD_TILE_SIZE 6x16
#define SD_TILE_ROWS 6
#define SD_TILE_VECTORS 2
#include "f32_gemm_tile.h"

static const sd_f32_gemm_tiles tiles = {.widest = 1, .panels = {sd_f32_gemm_6x16__avx2}};

void sd_f32_gemm_pack__avx2(size_t n, size_t k, const float *w, float *packed) {
  sd_f32_gemm_pack_panels(n, k, w, packed, &tiles);
}

void sd_f32_gemm__avx2(const sd_f32_gemm_args *args) { sd_f32_gemm_run(args, &tiles); }
#endif
