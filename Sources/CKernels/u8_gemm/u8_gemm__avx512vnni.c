// The same tiles as for floats: 24 accumulators of 16 sums (16 for the narrowest).
#include "../simd/avx512vnni.h"

#if SD_ARCH_X86_64
#define SD_TILE_SIZE 6x64
#define SD_TILE_ROWS 6
#define SD_TILE_VECTORS 4
#define SD_TILE_SHORT_ROWS 3
#include "u8_gemm_tile.h"

#define SD_TILE_SIZE 8x48
#define SD_TILE_ROWS 8
#define SD_TILE_VECTORS 3
#define SD_TILE_SHORT_ROWS 4
#include "u8_gemm_tile.h"

#define SD_TILE_SIZE 12x32
#define SD_TILE_ROWS 12
#define SD_TILE_VECTORS 2
#define SD_TILE_SHORT_ROWS 4
#include "u8_gemm_tile.h"

#define SD_TILE_SIZE 16x16
#define SD_TILE_ROWS 16
#define SD_TILE_VECTORS 1
#define SD_TILE_SHORT_ROWS 4
#include "u8_gemm_tile.h"

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
