#include "../simd/avx2.h"

#if SD_ARCH_X86_64
#include "f32_global_average_body.h"
#endif
