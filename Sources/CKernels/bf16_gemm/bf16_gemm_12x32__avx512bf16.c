#include "../simd/avx512bf16.h"

#if SD_ARCH_X86_64
#define SD_TILE_ROWS 12
#define SD_TILE_VECTORS 2
#define SD_TILE_NAME bf16_gemm_12x32
#include "bf16_gemm_tile.h"
#endif
