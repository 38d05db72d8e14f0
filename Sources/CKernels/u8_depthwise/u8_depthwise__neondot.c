#include "../simd/neondot.h"

#if SD_ARCH_AARCH64
#include "u8_depthwise_body.h"
#endif
