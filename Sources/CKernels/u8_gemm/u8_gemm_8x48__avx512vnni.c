#include "../simd/avx512vnni.h"

#if SD_ARCH_X86_64
#define SD_TILE_ROWS 8
#define SD_TILE_VECTORS 3
#define SD_TILE_SHORT_ROWS 4
#define SD_TILE_NAME u8_gemm_8x48
#include "u8_gemm_tile.h"
#endif
