#include "../simd/avx2bytes.h"

#if SD_ARCH_X86_64
#define SD_TILE_SIZE 4x16
#define SD_TILE_ROWS 4
#define SD_TILE_VECTORS 2
#define SD_TILE_SHORT_ROWS 4
#include "u8_gemm_tile.h"

static const sd_u8_gemm_tiles tiles = {.widest = 1, .panels = {sd_u8_gemm_4x16__avx2}};

void sd_u8_gemm_pack__avx2(
    size_t n, size_t k, const int8_t *w, uint8_t zero, const float *scale, const float *bias,
    void *packed) {
  sd_u8_gemm_pack_panels(n, k, w, zero, scale, bias, packed, tiles.widest);
}

void sd_u8_gemm__avx2(const sd_u8_gemm_args *args) { sd_u8_gemm_run(args, &tiles); }
#endif
