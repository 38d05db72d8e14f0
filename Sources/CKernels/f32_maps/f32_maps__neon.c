#include "../simd/neon.h"

#if SD_ARCH_AARCH64
#include "../simd/channel_scale_body.h"
#include "../simd/global_average_body.h"
#include "f32_elementwise_body.h"
#include "f32_pool_body.h"
#endif
