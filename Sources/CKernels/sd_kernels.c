// Which kernel each instruction set uses.
#include "sd_kernels_internal.h"

#define SD_SET(name, isa) kernels->name = sd_##name##__##isa
#define SD_SET_U8(isa)                     \
  do {                                     \
    SD_SET(u8_gemm_pack, isa);             \
    SD_SET(u8_gemm, isa);                  \
    SD_SET(u8_depthwise_packed_size, isa); \
    SD_SET(u8_depthwise_is_finite, isa);   \
    SD_SET(u8_depthwise_pack, isa);        \
    SD_SET(u8_depthwise, isa);             \
    SD_SET(u8_convolution_pack, isa);      \
    SD_SET(u8_convolution, isa);           \
    SD_SET(u8_global_average, isa);        \
    SD_SET(u8_channel_scale, isa);         \
    kernels->u8_is_fast = true;            \
  } while (0)

static void sd_set_scalar(sd_kernels *kernels) {
  kernels->f32_gemm_packed_size = sd_f32_gemm_packed_size;  // the same for all
  SD_SET(f32_gemm_pack, scalar);
  SD_SET(f32_gemm, scalar);
  SD_SET(f32_winograd_input, scalar);
  SD_SET(f32_winograd_output, scalar);
  SD_SET(f32_strassen_input, scalar);
  SD_SET(f32_strassen_output, scalar);
  SD_SET(f32_depthwise, scalar);
  SD_SET(f32_max_pool, scalar);
  SD_SET(f32_average_pool, scalar);
  SD_SET(f32_global_average, scalar);
  SD_SET(f32_channel_scale, scalar);
  SD_SET(f32_activate, scalar);
  SD_SET(f32_add, scalar);
  SD_SET(f32_interleave, scalar);
  SD_SET(u8_f32_normalize, scalar);
  SD_SET(f16_f32_widen, scalar);
  kernels->u8_gemm_packed_size = sd_u8_gemm_packed_size;  // the same for all
  kernels->u8_gemm_is_finite = sd_u8_gemm_is_finite;      // this, too
  SD_SET(u8_gemm_pack, scalar);
  SD_SET(u8_gemm, scalar);
  SD_SET(u8_depthwise_packed_size, scalar);
  SD_SET(u8_depthwise_is_finite, scalar);
  SD_SET(u8_depthwise_pack, scalar);
  SD_SET(u8_depthwise, scalar);
  kernels->u8_convolution_packed_size = sd_u8_convolution_packed_size;  // the same for all
  kernels->u8_convolution_is_finite = sd_u8_convolution_is_finite;      // this, too
  SD_SET(u8_convolution_pack, scalar);
  SD_SET(u8_convolution, scalar);
  SD_SET(u8_global_average, scalar);
  SD_SET(u8_channel_scale, scalar);
  SD_SET(f32_u8_quantize, scalar);
  SD_SET(u8_f32_dequantize, scalar);
  kernels->u8_resample_packed_size = sd_u8_resample_packed_size;  // the same for all
  SD_SET(u8_resample_pack, scalar);
  SD_SET(u8_resample, scalar);
  SD_SET(s16_rgb, scalar);
  kernels->u8_is_fast = false;
  kernels->bf16_gemm_packed_size = sd_bf16_gemm_packed_size;  // the same for all
  SD_SET(bf16_gemm_pack, scalar);
  SD_SET(bf16_gemm, scalar);
  kernels->bf16_depthwise_packed_size = sd_bf16_depthwise_packed_size;  // the same for all
  kernels->bf16_depthwise_pack = sd_bf16_depthwise_pack;                // this, too
  SD_SET(bf16_depthwise, scalar);
  SD_SET(bf16_global_average, scalar);
  SD_SET(bf16_channel_scale, scalar);
  SD_SET(f32_bf16_narrow, scalar);
  SD_SET(bf16_f32_widen, scalar);
  kernels->bf16_is_fast = false;
}

#if SD_ARCH_X86_64
static void sd_set_avx2(sd_kernels *kernels, bool is_basic) {
  SD_SET(f32_gemm_pack, avx2);
  SD_SET(f32_gemm, avx2);
  SD_SET(f32_winograd_input, avx2);
  SD_SET(f32_winograd_output, avx2);
  SD_SET(f32_strassen_input, avx2);
  SD_SET(f32_strassen_output, avx2);
  SD_SET(f32_depthwise, avx2);
  SD_SET(f32_max_pool, avx2);
  SD_SET(f32_average_pool, avx2);
  SD_SET(f32_global_average, avx2);
  SD_SET(f32_channel_scale, avx2);
  SD_SET(f32_activate, avx2);
  SD_SET(f32_add, avx2);
  SD_SET(f32_interleave, avx2);
  SD_SET(u8_f32_normalize, avx2);
  SD_SET(f16_f32_widen, avx2);
  SD_SET(u8_resample_pack, avx2);
  SD_SET(u8_resample, avx2);
  SD_SET(s16_rgb, avx2);
  SD_SET(f32_u8_quantize, avx2);
  SD_SET(u8_f32_dequantize, avx2);
  if (!is_basic && sd_has_avxvnni()) {
    SD_SET_U8(avxvnni);
  } else {
    SD_SET_U8(avx2);
  }
}

static void sd_set_avx512bf16(sd_kernels *kernels) {
  SD_SET(bf16_gemm_pack, avx512bf16);
  SD_SET(bf16_gemm, avx512bf16);
  SD_SET(bf16_depthwise, avx512bf16);
  SD_SET(bf16_global_average, avx512bf16);
  SD_SET(bf16_channel_scale, avx512bf16);
  kernels->bf16_is_fast = true;
}

static void sd_set_avx512(sd_kernels *kernels, bool is_basic) {
  SD_SET(f32_gemm_pack, avx512);
  SD_SET(f32_gemm, avx512);
  SD_SET(f32_winograd_input, avx512);
  SD_SET(f32_winograd_output, avx512);
  SD_SET(f32_strassen_input, avx512);
  SD_SET(f32_strassen_output, avx512);
  SD_SET(f32_depthwise, avx512);
  SD_SET(f32_max_pool, avx512);
  SD_SET(f32_average_pool, avx512);
  SD_SET(f32_global_average, avx512);
  SD_SET(f32_channel_scale, avx512);
  SD_SET(f32_activate, avx512);
  SD_SET(f32_add, avx512);
  SD_SET(f32_interleave, avx512);
  SD_SET(u8_f32_normalize, avx512);
  SD_SET(f16_f32_widen, avx512);
  SD_SET(f32_u8_quantize, avx512);
  SD_SET(u8_f32_dequantize, avx512);
  SD_SET(s16_rgb, avx512);
  if (!is_basic && sd_has_avx512vbmi()) {
    SD_SET(u8_resample_pack, avx512vbmi);
    SD_SET(u8_resample, avx512vbmi);
  }
  SD_SET(f32_bf16_narrow, avx512);
  SD_SET(bf16_f32_widen, avx512);
  if (!is_basic && sd_has_avx512vnni()) SD_SET_U8(avx512vnni);
  if (!is_basic && sd_has_avx512bf16()) sd_set_avx512bf16(kernels);
}
#endif

#if SD_ARCH_AARCH64
static void sd_set_neon(sd_kernels *kernels, bool is_basic) {
  SD_SET(f32_gemm_pack, neon);
  SD_SET(f32_gemm, neon);
  SD_SET(f32_winograd_input, neon);
  SD_SET(f32_winograd_output, neon);
  SD_SET(f32_strassen_input, neon);
  SD_SET(f32_strassen_output, neon);
  SD_SET(f32_depthwise, neon);
  SD_SET(f32_max_pool, neon);
  SD_SET(f32_average_pool, neon);
  SD_SET(f32_global_average, neon);
  SD_SET(f32_channel_scale, neon);
  SD_SET(f32_activate, neon);
  SD_SET(f32_add, neon);
  SD_SET(f32_interleave, neon);
  SD_SET(u8_f32_normalize, neon);
  SD_SET(f16_f32_widen, neon);
  SD_SET(u8_resample_pack, neon);
  SD_SET(u8_resample, neon);
  SD_SET(s16_rgb, neon);
  if (is_basic || !sd_has_neondot()) return;
  SD_SET(f32_u8_quantize, neondot);
  SD_SET(u8_f32_dequantize, neondot);
  SD_SET_U8(neondot);
}
#endif

static void sd_init(sd_kernels *kernels, sd_isa isa, bool is_basic) {
  kernels->isa = sd_isa_available(isa) ? isa : SD_ISA_SCALAR;
  sd_set_scalar(kernels);
#if SD_ARCH_X86_64
  if (kernels->isa < SD_ISA_AVX2) return;
  sd_set_avx2(kernels, is_basic);
  if (kernels->isa < SD_ISA_AVX512) return;
  sd_set_avx512(kernels, is_basic);
#elif SD_ARCH_AARCH64
  if (kernels->isa < SD_ISA_NEON) return;
  sd_set_neon(kernels, is_basic);
#else
  (void)is_basic;
#endif
}

void sd_kernels_init(sd_kernels *kernels, sd_isa isa) { sd_init(kernels, isa, false); }

void sd_kernels_init_basic(sd_kernels *kernels, sd_isa isa) { sd_init(kernels, isa, true); }
