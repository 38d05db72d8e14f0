#include "../simd/neondot.h"

#if SD_ARCH_AARCH64
#include "u8_channel_scale_body.h"
#endif
