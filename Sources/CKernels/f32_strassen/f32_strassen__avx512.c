#include "../simd/avx512.h"

#if SD_ARCH_X86_64
#include "f32_strassen_body.h"
#endif
