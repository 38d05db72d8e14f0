#include "sd_kernels_internal.h"

#include <stdlib.h>
#include <string.h>

#if SD_ARCH_X86_64
#include <cpuid.h>
#elif SD_ARCH_AARCH64 && defined(__linux__)
#include <sys/auxv.h>
#endif

static const sd_isa all[] = {SD_ISA_SCALAR, SD_ISA_AVX2, SD_ISA_AVX512, SD_ISA_NEON};
enum { ALL_COUNT = sizeof all / sizeof all[0] };

#if SD_ARCH_X86_64
// The compiler's run-time support also checks that the operating system saves the registers.
static bool sd_has_avx2(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("f16c");
}

static bool sd_has_avx512(void) {
  return sd_has_avx2() && __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
}

bool sd_has_avxvnni(void) {
  unsigned a, b, c, d;
  return sd_has_avx2() && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & 1u << 4) != 0;
}

bool sd_has_avx512bf16(void) {
  unsigned a, b, c, d;
  return sd_has_avx512() && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & 1u << 5) != 0;
}

bool sd_has_avx512vnni(void) { return sd_has_avx512() && __builtin_cpu_supports("avx512vnni"); }

bool sd_has_avx512vbmi(void) {
  return sd_has_avx512vnni() && __builtin_cpu_supports("avx512vbmi");
}
#endif

#if SD_ARCH_AARCH64
bool sd_has_neondot(void) {
#if defined(__linux__)
  return (getauxval(AT_HWCAP) & 1ul << 20) != 0;  // HWCAP_ASIMDDP
#elif defined(__APPLE__)
  return true;  // every Mac
#else
  return false;
#endif
}
#endif

bool sd_isa_available(sd_isa isa) {
  switch (isa) {
    case SD_ISA_SCALAR: return true;
#if SD_ARCH_X86_64
    case SD_ISA_AVX2: return sd_has_avx2();
    case SD_ISA_AVX512: return sd_has_avx512();
    case SD_ISA_NEON: return false;
#else
    case SD_ISA_AVX2: return false;
    case SD_ISA_AVX512: return false;
    case SD_ISA_NEON: return SD_ARCH_AARCH64;
#endif
  }
  return false;
}

sd_isa sd_isa_best(void) {
  const char *wanted = getenv("STREAM_DETECT_ISA");
  sd_isa best = SD_ISA_SCALAR;
  for (size_t i = 0; i < ALL_COUNT; i++) {
    if (!sd_isa_available(all[i])) continue;
    if (wanted && strcmp(wanted, sd_isa_name(all[i])) == 0) return all[i];
    best = all[i];
  }
  return best;
}

const char *sd_isa_name(sd_isa isa) {
  switch (isa) {
    case SD_ISA_SCALAR: return "scalar";
    case SD_ISA_AVX2: return "avx2";
    case SD_ISA_AVX512: return "avx512";
    case SD_ISA_NEON: return "neon";
  }
  return "unknown";
}
