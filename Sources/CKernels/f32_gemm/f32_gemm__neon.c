// 24 accumulators of 4 floats, 4 vectors of B and 1 of A: 29 of 32 registers.
#include "../simd/neon.h"

#if SD_ARCH_AARCH64
#define SD_TILE_SIZE 6x16
#define SD_TILE_ROWS 6
#define SD_TILE_VECTORS 4
#include "f32_gemm_tile.h"

static const sd_f32_gemm_tiles tiles = {.widest = 1, .panels = {sd_f32_gemm_6x16__neon}};

void sd_f32_gemm_pack__neon(size_t n, size_t k, const float *w, float *packed) {
  sd_f32_gemm_pack_panels(n, k, w, packed, &tiles);
}

void sd_f32_gemm__neon(const sd_f32_gemm_args *args) { sd_f32_gemm_run(args, &tiles); }
#endif
