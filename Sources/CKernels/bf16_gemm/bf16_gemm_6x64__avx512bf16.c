#include "../simd/avx512bf16.h"

#if SD_ARCH_X86_64
#define SD_TILE_ROWS 6
#define SD_TILE_VECTORS 4
#define SD_TILE_NAME bf16_gemm_6x64
#include "bf16_gemm_tile.h"
#endif
