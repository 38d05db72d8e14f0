#include "../simd/avx2bytes.h"

#if SD_ARCH_X86_64
#include "u8_maps_body.h"
#endif
