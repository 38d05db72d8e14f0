// The same tiles as for floats: 24 accumulators of 16 floats (16 for the narrowest).
#include "../simd/avx512bf16.h"

#if SD_ARCH_X86_64
#define SD_TILE_SIZE 6x64
#define SD_TILE_ROWS 6
#define SD_TILE_VECTORS 4
#include "bf16_gemm_tile.h"

#define SD_TILE_SIZE 8x48
#define SD_TILE_ROWS 8
#define SD_TILE_VECTORS 3
#include "bf16_gemm_tile.h"

#define SD_TILE_SIZE 12x32
#define SD_TILE_ROWS 12
#define SD_TILE_VECTORS 2
#include "bf16_gemm_tile.h"

#define SD_TILE_SIZE 16x16
#define SD_TILE_ROWS 16
#define SD_TILE_VECTORS 1
#include "bf16_gemm_tile.h"

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
