#define SD_AVX_VNNI 1
#include "../simd/avx2bytes.h"

#if SD_ARCH_X86_64
#include "u8_depthwise_body.h"
#endif
