#include "../simd/neondot.h"

#if SD_ARCH_AARCH64
#define SD_TILE_ROWS 6
#define SD_TILE_VECTORS 4
#define SD_TILE_NAME u8_gemm_6x16
#include "u8_gemm_tile.h"
#endif
