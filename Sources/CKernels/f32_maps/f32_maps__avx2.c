#include "../simd/avx2.h"

#if SD_ARCH_X86_64
#include "../simd/channel_scale_body.h"
#include "../simd/global_average_body.h"
#include "f32_elementwise_body.h"
#include "f32_pool_body.h"
#endif
