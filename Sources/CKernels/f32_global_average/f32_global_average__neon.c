#include "../simd/neon.h"

#if SD_ARCH_AARCH64
#include "../simd/global_average_body.h"
#endif
