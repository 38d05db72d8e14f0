#include <sched.h>

#include "include/sd_kernels.h"

void sd_pause(long turn) {
  if (turn > 2000) {
    (void)sched_yield();
    return;
  }
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
