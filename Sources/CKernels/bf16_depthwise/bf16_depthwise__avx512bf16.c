#include "../simd/avx512bf16.h"

#if SD_ARCH_X86_64
#include "bf16_depthwise_body.h"
#endif
