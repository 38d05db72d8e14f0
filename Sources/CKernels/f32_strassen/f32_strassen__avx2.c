#include "../simd/avx2.h"

#if SD_ARCH_X86_64
#include "f32_strassen_body.h"
#endif
