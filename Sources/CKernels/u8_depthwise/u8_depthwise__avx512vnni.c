#include "../simd/avx512vnni.h"

#if SD_ARCH_X86_64
#include "u8_depthwise_body.h"
#endif
