#include "../simd/avx512vnni.h"

#if SD_ARCH_X86_64
enum { SD_TILE_COLUMNS = 4 };  // 16 sums and the weights that they share
#include "u8_depthwise_body.h"
#endif
