#include "../simd/neondot.h"

#if SD_ARCH_AARCH64
#define SD_TILE_SIZE 6x16
#define SD_TILE_ROWS 6
#define SD_TILE_VECTORS 4
#include "u8_gemm_tile.h"

static const sd_u8_gemm_tiles tiles = {.widest = 1, .panels = {sd_u8_gemm_6x16__neondot}};

// Tiles subtract SD_BYTE_BIAS from every byte, so the zero point is lower by as much.
void sd_u8_gemm_pack__neondot(
    size_t n, size_t k, const int8_t *w, uint8_t zero, const float *scale, const float *bias,
    void *packed) {
  sd_u8_gemm_pack_panels(n, k, w, zero - SD_BYTE_BIAS, scale, bias, packed, tiles.widest);
}

void sd_u8_gemm__neondot(const sd_u8_gemm_args *args) { sd_u8_gemm_run(args, &tiles); }
#endif
