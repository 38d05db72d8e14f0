#include "../simd/neondot.h"

#if SD_ARCH_AARCH64
#include "u8_maps_body.h"
#endif
