#include "../simd/avx512vnni.h"

#if SD_ARCH_X86_64
#define SD_TILE_ROWS 6
#define SD_TILE_VECTORS 4
#define SD_TILE_SHORT_ROWS 3
#define SD_TILE_NAME u8_gemm_6x64
#include "u8_gemm_tile.h"
#endif
