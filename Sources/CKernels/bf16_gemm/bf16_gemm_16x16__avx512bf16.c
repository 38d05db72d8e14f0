#include "../simd/avx512bf16.h"

#if SD_ARCH_X86_64
#define SD_TILE_ROWS 16
#define SD_TILE_VECTORS 1
#define SD_TILE_NAME bf16_gemm_16x16
#include "bf16_gemm_tile.h"
#endif
