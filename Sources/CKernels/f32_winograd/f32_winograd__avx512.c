#include "../simd/avx512.h"

#if SD_ARCH_X86_64
#include "f32_winograd.h"
#include "f32_winograd_body.h"
#endif
