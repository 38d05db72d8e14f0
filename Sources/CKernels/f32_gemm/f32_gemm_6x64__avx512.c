#include "../simd/avx512.h"

#if SD_ARCH_X86_64
#define SD_TILE_ROWS 6
#define SD_TILE_VECTORS 4
#define SD_TILE_HALF 0
#define SD_TILE_NAME f32_gemm_6x64
#include "f32_gemm_tile.h"
#endif
