#include "../sd_kernels_internal.h"

#if SD_ARCH_AARCH64
void sd_u8_convolution_pack__neondot(
    size_t n, size_t channels, size_t kernel, const int8_t *w, const float *zero,
    const float *scale, const float *bias, void *packed) {
  sd_u8_convolution_pack_with(
      sd_u8_gemm_pack__neondot, n, channels, kernel, w, zero, scale, bias, packed);
}

void sd_u8_convolution__neondot(const sd_u8_convolution_args *args) {
  sd_u8_convolution_run(args, sd_u8_gemm__neondot);
}
#endif
