#include "../simd/avx512.h"

#if SD_ARCH_X86_64
#define SD_TILE_ROWS 16
#define SD_TILE_VECTORS 0
#define SD_TILE_HALF 1
#define SD_TILE_NAME f32_gemm_16x8
#include "f32_gemm_tile.h"
#endif
