#include "../simd/avx512vnni.h"

#if SD_ARCH_X86_64
#include "u8_global_average_body.h"
#endif
