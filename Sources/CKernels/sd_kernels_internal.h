// What the kernel files share: compiler differences and the declaration of every kernel.
//
// `sd_f32_add_fn sd_f32_add__avx2;` declares a function of that type, so a kernel whose signature
// differs from its contract in sd_kernels.h does not compile.
#pragma once

#include "sd_kernels.h"

#if defined(__x86_64__) || defined(_M_X64)
#define SD_ARCH_X86_64 1
#else
#define SD_ARCH_X86_64 0
#endif

#if defined(__aarch64__) && defined(__ARM_NEON)
#define SD_ARCH_AARCH64 1
#else
#define SD_ARCH_AARCH64 0
#endif

// Elementwise kernels match bit for bit across instruction sets, so `a * b + c` must round twice
// unless a kernel asks for a fused operation. GCC has no such pragma: pass -ffp-contract=off to it.
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

// Prefetches a line into the second-level cache. Any address is allowed, even an invalid one.
#define SD_PREFETCH(p) __builtin_prefetch((p), 0, 2)

// SD_UNROLL unrolls the next loop fully, without which its arrays would not stay in registers. Its
// trip count has to be a small constant once the function is inlined.
#define SD_INLINE static inline __attribute__((always_inline, unused))
#define SD_PRAGMA(text) _Pragma(#text)
#if defined(__clang__)
#define SD_UNROLL SD_PRAGMA(clang loop unroll(full))
#else
#define SD_UNROLL SD_PRAGMA(GCC unroll 64)
#endif

// Hides from the compiler how `pointer` was computed. Otherwise it precomputes the addresses of all
// two dozen loads of an unrolled loop over rows, and spills most of them.
#define SD_OPAQUE(pointer) __asm__("" : "+r"(pointer))

// MARK: - Matrix product, shared by the instruction sets

// Columns in a group. Panels are whole groups wide; a last panel of floats may end in half a group.
enum { SD_GEMM_GROUP = 16, SD_GEMM_MAX_GROUPS = 4 };

// Bytes of a row of A that meet the weights of a column in one step.
enum { SD_QUAD = 4 };

SD_INLINE size_t sd_smaller(size_t a, size_t b) { return a < b ? a : b; }

// n, rounded up to whole groups.
SD_INLINE size_t sd_padded(size_t n) {
  return (n + SD_GEMM_GROUP - 1) / SD_GEMM_GROUP * SD_GEMM_GROUP;
}

// Whether none of n numbers is infinite or NaN.
SD_INLINE bool sd_all_finite(size_t n, const float *x) {
  bool is_finite = true;
  for (size_t i = 0; i < n; i++) is_finite &= x[i] - x[i] == 0.0f;
  return is_finite;
}

// Rows of A, `row_bytes` each, in a block: few enough to still be in a second-level cache of 1 MiB,
// which they share with one panel of B, when the next panel uses them.
SD_INLINE size_t sd_gemm_block_rows(size_t m, size_t row_bytes) {
  enum { A_BYTES = 512 * 1024, ROUNDING = 24 };  // 24: a multiple of most tile heights
  const size_t fitting = A_BYTES / row_bytes;
  const size_t most = fitting < ROUNDING ? ROUNDING : fitting;
  const size_t blocks = m / most + 1;
  const size_t rows = (m + blocks - 1) / blocks;
  return (rows + ROUNDING - 1) / ROUNDING * ROUNDING;
}

// Computes rows row_begin..<row_end of the panel that starts at `column`; only its first `columns`
// columns are in c and bias.
typedef void sd_f32_gemm_panel_fn(
    const sd_f32_gemm_args *args, size_t row_begin, size_t row_end, size_t column, size_t columns);

// The micro-kernels of an instruction set: panels[g - 1] computes a panel of g groups, halves[g],
// if not NULL, one of g and a half. All panels of a matrix but the last have `widest` groups.
typedef struct {
  size_t widest;
  sd_f32_gemm_panel_fn *panels[SD_GEMM_MAX_GROUPS];
  sd_f32_gemm_panel_fn *halves[SD_GEMM_MAX_GROUPS];
} sd_f32_gemm_tiles;

void sd_f32_gemm_run(const sd_f32_gemm_args *args, const sd_f32_gemm_tiles *tiles);
void sd_f32_gemm_pack_panels(
    size_t n, size_t k, const float *w, float *packed, const sd_f32_gemm_tiles *tiles);

sd_f32_gemm_panel_fn sd_f32_gemm_1x16__scalar;
sd_f32_gemm_panel_fn sd_f32_gemm_6x16__avx2;
sd_f32_gemm_panel_fn sd_f32_gemm_6x64__avx512;
sd_f32_gemm_panel_fn sd_f32_gemm_8x48__avx512;
sd_f32_gemm_panel_fn sd_f32_gemm_12x32__avx512;
sd_f32_gemm_panel_fn sd_f32_gemm_16x16__avx512;
sd_f32_gemm_panel_fn sd_f32_gemm_6x56__avx512;
sd_f32_gemm_panel_fn sd_f32_gemm_8x40__avx512;
sd_f32_gemm_panel_fn sd_f32_gemm_12x24__avx512;
sd_f32_gemm_panel_fn sd_f32_gemm_16x8__avx512;
sd_f32_gemm_panel_fn sd_f32_gemm_6x16__neon;

// The same for bytes. A packed matrix is the offsets of the columns (minus the zero point times the
// sum of the weights), their scales and biases, each padded to whole groups, and then panels
// [k / 4][width][4].
typedef struct {
  const int32_t *offset;
  const float *scale, *bias;
  const int8_t *weights;
} sd_u8_gemm_packed;

typedef void sd_u8_gemm_panel_fn(
    const sd_u8_gemm_args *args, size_t row_begin, size_t row_end, size_t column, size_t columns);

typedef struct {
  size_t widest;
  sd_u8_gemm_panel_fn *panels[SD_GEMM_MAX_GROUPS];
} sd_u8_gemm_tiles;

// The packed form from `column` on, which is the first column of a panel.
sd_u8_gemm_packed sd_u8_gemm_packed_at(const sd_u8_gemm_args *args, size_t column);
void sd_u8_gemm_run(const sd_u8_gemm_args *args, const sd_u8_gemm_tiles *tiles);
// `zero` is the zero point minus what the instruction set subtracts from every byte.
void sd_u8_gemm_pack_panels(
    size_t n, size_t k, const int8_t *w, int32_t zero, const float *scale, const float *bias,
    void *packed, size_t widest);

sd_u8_gemm_panel_fn sd_u8_gemm_1x16__scalar;
sd_u8_gemm_panel_fn sd_u8_gemm_6x64__avx512vnni;
sd_u8_gemm_panel_fn sd_u8_gemm_8x48__avx512vnni;
sd_u8_gemm_panel_fn sd_u8_gemm_12x32__avx512vnni;
sd_u8_gemm_panel_fn sd_u8_gemm_16x16__avx512vnni;
sd_u8_gemm_panel_fn sd_u8_gemm_4x16__avx2;
sd_u8_gemm_panel_fn sd_u8_gemm_6x16__avxvnni;
sd_u8_gemm_panel_fn sd_u8_gemm_6x16__neondot;

// The same for bfloat16.
typedef void sd_bf16_gemm_panel_fn(
    const sd_bf16_gemm_args *args, size_t row_begin, size_t row_end, size_t column,
    size_t columns);

typedef struct {
  size_t widest;
  sd_bf16_gemm_panel_fn *panels[SD_GEMM_MAX_GROUPS];
} sd_bf16_gemm_tiles;

// Packed weights in a column: each run is padded to whole pairs.
SD_INLINE size_t sd_bf16_gemm_depth(size_t segments, size_t k) { return segments * (k + k % 2); }

void sd_bf16_gemm_run(const sd_bf16_gemm_args *args, const sd_bf16_gemm_tiles *tiles);
void sd_bf16_gemm_pack_panels(
    size_t n, size_t segments, size_t k, const float *w, sd_bf16 *packed, size_t widest);

sd_bf16_gemm_panel_fn sd_bf16_gemm_1x16__scalar;
sd_bf16_gemm_panel_fn sd_bf16_gemm_6x64__avx512bf16;
sd_bf16_gemm_panel_fn sd_bf16_gemm_8x48__avx512bf16;
sd_bf16_gemm_panel_fn sd_bf16_gemm_12x32__avx512bf16;
sd_bf16_gemm_panel_fn sd_bf16_gemm_16x16__avx512bf16;

// How many numbers of pairs a packed depthwise kernel has for a channel; 0 for windows without
// tiles.
SD_INLINE size_t sd_bf16_depthwise_pairs_of_channel(size_t kernel) {
  return kernel == 3 || kernel == 5 ? 2 * (kernel + 1) * kernel : 0;
}

// MARK: - The table's entries

// Extensions of this machine that sd_isa does not name.
bool sd_has_avx512vnni(void);
bool sd_has_avxvnni(void);
bool sd_has_neondot(void);
bool sd_has_avx512vbmi(void);
bool sd_has_avx512bf16(void);

sd_f32_gemm_packed_size_fn sd_f32_gemm_packed_size;
sd_u8_gemm_packed_size_fn sd_u8_gemm_packed_size;
sd_u8_convolution_packed_size_fn sd_u8_convolution_packed_size;
sd_u8_gemm_is_finite_fn sd_u8_gemm_is_finite;
sd_u8_convolution_is_finite_fn sd_u8_convolution_is_finite;
sd_u8_resample_packed_size_fn sd_u8_resample_packed_size;

#define SD_DECLARE_F32_KERNELS(isa)                        \
  sd_f32_gemm_pack_fn sd_f32_gemm_pack__##isa;             \
  sd_f32_gemm_fn sd_f32_gemm__##isa;                       \
  sd_f32_winograd_input_fn sd_f32_winograd_input__##isa;   \
  sd_f32_winograd_output_fn sd_f32_winograd_output__##isa; \
  sd_f32_strassen_input_fn sd_f32_strassen_input__##isa;   \
  sd_f32_strassen_output_fn sd_f32_strassen_output__##isa; \
  sd_f32_depthwise_fn sd_f32_depthwise__##isa;             \
  sd_f32_pool_fn sd_f32_max_pool__##isa;                   \
  sd_f32_pool_fn sd_f32_average_pool__##isa;               \
  sd_f32_global_average_fn sd_f32_global_average__##isa;   \
  sd_f32_channel_scale_fn sd_f32_channel_scale__##isa;     \
  sd_f32_activate_fn sd_f32_activate__##isa;               \
  sd_f32_add_fn sd_f32_add__##isa;                         \
  sd_f32_interleave_fn sd_f32_interleave__##isa;           \
  sd_f16_f32_widen_fn sd_f16_f32_widen__##isa;             \
  sd_u8_f32_normalize_fn sd_u8_f32_normalize__##isa;       \
  sd_s16_rgb_fn sd_s16_rgb__##isa;

SD_DECLARE_F32_KERNELS(scalar)
SD_DECLARE_F32_KERNELS(avx2)
SD_DECLARE_F32_KERNELS(avx512)
SD_DECLARE_F32_KERNELS(neon)

#undef SD_DECLARE_F32_KERNELS

#define SD_DECLARE_RESAMPLE(isa)                     \
  sd_u8_resample_pack_fn sd_u8_resample_pack__##isa; \
  sd_u8_resample_fn sd_u8_resample__##isa;

SD_DECLARE_RESAMPLE(scalar)
SD_DECLARE_RESAMPLE(avx2)
SD_DECLARE_RESAMPLE(avx512vbmi)
SD_DECLARE_RESAMPLE(neon)

#undef SD_DECLARE_RESAMPLE

#define SD_DECLARE_U8_CONVERSIONS(isa)             \
  sd_f32_u8_quantize_fn sd_f32_u8_quantize__##isa; \
  sd_u8_f32_dequantize_fn sd_u8_f32_dequantize__##isa;

SD_DECLARE_U8_CONVERSIONS(scalar)
SD_DECLARE_U8_CONVERSIONS(avx2)
SD_DECLARE_U8_CONVERSIONS(avx512)
SD_DECLARE_U8_CONVERSIONS(neondot)

#undef SD_DECLARE_U8_CONVERSIONS

#define SD_DECLARE_BF16_CONVERSIONS(isa)           \
  sd_f32_bf16_narrow_fn sd_f32_bf16_narrow__##isa; \
  sd_bf16_f32_widen_fn sd_bf16_f32_widen__##isa;

SD_DECLARE_BF16_CONVERSIONS(scalar)
SD_DECLARE_BF16_CONVERSIONS(avx512)

#undef SD_DECLARE_BF16_CONVERSIONS

#define SD_DECLARE_U8_KERNELS(isa)                                         \
  sd_u8_gemm_pack_fn sd_u8_gemm_pack__##isa;                               \
  sd_u8_gemm_fn sd_u8_gemm__##isa;                                         \
  sd_u8_depthwise_packed_size_fn sd_u8_depthwise_packed_size__##isa;       \
  sd_u8_depthwise_is_finite_fn sd_u8_depthwise_is_finite__##isa;           \
  sd_u8_depthwise_pack_fn sd_u8_depthwise_pack__##isa;                     \
  sd_u8_depthwise_fn sd_u8_depthwise__##isa;                               \
  sd_u8_convolution_pack_fn sd_u8_convolution_pack__##isa;                 \
  sd_u8_convolution_fn sd_u8_convolution__##isa;                           \
  sd_u8_global_average_fn sd_u8_global_average__##isa;                     \
  sd_u8_channel_scale_fn sd_u8_channel_scale__##isa;

SD_DECLARE_U8_KERNELS(scalar)
SD_DECLARE_U8_KERNELS(avx2)
SD_DECLARE_U8_KERNELS(avxvnni)
SD_DECLARE_U8_KERNELS(avx512vnni)
SD_DECLARE_U8_KERNELS(neondot)

#undef SD_DECLARE_U8_KERNELS

sd_bf16_gemm_packed_size_fn sd_bf16_gemm_packed_size;
sd_bf16_depthwise_packed_size_fn sd_bf16_depthwise_packed_size;
sd_bf16_depthwise_pack_fn sd_bf16_depthwise_pack;

#define SD_DECLARE_BF16_KERNELS(isa)                       \
  sd_bf16_gemm_pack_fn sd_bf16_gemm_pack__##isa;           \
  sd_bf16_gemm_fn sd_bf16_gemm__##isa;                     \
  sd_bf16_depthwise_fn sd_bf16_depthwise__##isa;           \
  sd_bf16_global_average_fn sd_bf16_global_average__##isa; \
  sd_bf16_channel_scale_fn sd_bf16_channel_scale__##isa;

SD_DECLARE_BF16_KERNELS(scalar)
SD_DECLARE_BF16_KERNELS(avx512bf16)

#undef SD_DECLARE_BF16_KERNELS
