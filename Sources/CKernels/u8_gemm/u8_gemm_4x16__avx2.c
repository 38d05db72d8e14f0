#include "../simd/avx2bytes.h"

#if SD_ARCH_X86_64
#define SD_TILE_ROWS 4
#define SD_TILE_VECTORS 2
#define SD_TILE_SHORT_ROWS 4
#define SD_TILE_NAME u8_gemm_4x16
#include "u8_gemm_tile.h"
#endif
