#include "../simd/avx512.h"

#if SD_ARCH_X86_64
#define SD_TILE_ROWS 12
#define SD_TILE_VECTORS 1
#define SD_TILE_HALF 1
#define SD_TILE_NAME f32_gemm_12x24
#include "f32_gemm_tile.h"
#endif
