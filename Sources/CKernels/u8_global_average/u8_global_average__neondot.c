#include "../simd/neondot.h"

#if SD_ARCH_AARCH64
#include "u8_global_average_body.h"
#endif
