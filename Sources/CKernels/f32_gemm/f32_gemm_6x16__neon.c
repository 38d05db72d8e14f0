#include "../simd/neon.h"

#if SD_ARCH_AARCH64
#define SD_TILE_ROWS 6
#define SD_TILE_VECTORS 4
#define SD_TILE_HALF 0
#define SD_TILE_NAME f32_gemm_6x16
#include "f32_gemm_tile.h"
#endif
