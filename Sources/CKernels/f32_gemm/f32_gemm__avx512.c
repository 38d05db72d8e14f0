// 24 accumulators of 16 floats whatever the width of the panel (16 for the narrowest): enough to
// hide the latency of two fused multiply-adds a cycle, with registers left for a row of B.
#include "../simd/avx512.h"

#if SD_ARCH_X86_64
#define SD_TILE_SIZE 6x64
#define SD_TILE_ROWS 6
#define SD_TILE_VECTORS 4
#include "f32_gemm_tile.h"

#define SD_TILE_SIZE 8x48
#define SD_TILE_ROWS 8
#define SD_TILE_VECTORS 3
#include "f32_gemm_tile.h"

#define SD_TILE_SIZE 12x32
#define SD_TILE_ROWS 12
#define SD_TILE_VECTORS 2
#include "f32_gemm_tile.h"

#define SD_TILE_SIZE 16x16
#define SD_TILE_ROWS 16
#define SD_TILE_VECTORS 1
#include "f32_gemm_tile.h"

// With half a vector of columns more.
#define SD_TILE_SIZE 6x56
#define SD_TILE_ROWS 6
#define SD_TILE_VECTORS 3
#define SD_TILE_HALF 1
#include "f32_gemm_tile.h"

#define SD_TILE_SIZE 8x40
#define SD_TILE_ROWS 8
#define SD_TILE_VECTORS 2
#define SD_TILE_HALF 1
#include "f32_gemm_tile.h"

#define SD_TILE_SIZE 12x24
#define SD_TILE_ROWS 12
#define SD_TILE_VECTORS 1
#define SD_TILE_HALF 1
#include "f32_gemm_tile.h"

#define SD_TILE_SIZE 16x8
#define SD_TILE_ROWS 16
#define SD_TILE_VECTORS 0
#define SD_TILE_HALF 1
#include "f32_gemm_tile.h"

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
