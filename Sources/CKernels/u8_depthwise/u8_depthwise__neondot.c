#include "../simd/neondot.h"

#if SD_ARCH_AARCH64
enum { SD_TILE_COLUMNS = 4 };  // as for AVX-512
#include "u8_depthwise_body.h"
#endif
