#include "../simd/avx512.h"

#if SD_ARCH_X86_64
#include "../simd/global_average_body.h"
#endif
