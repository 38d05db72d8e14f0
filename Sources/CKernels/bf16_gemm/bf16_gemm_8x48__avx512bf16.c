#include "../simd/avx512bf16.h"

#if SD_ARCH_X86_64
#define SD_TILE_ROWS 8
#define SD_TILE_VECTORS 3
#define SD_TILE_NAME bf16_gemm_8x48
#include "bf16_gemm_tile.h"
#endif
