#include "sd_late.h"

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <dlfcn.h>
#include <libavformat/version.h>
#include <libswscale/version.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

// What a stub jumps to, or NULL before the first call.
typedef struct {
  void *address;
  const char *name;
} sd_late_slot;

#define SD_HIDDEN __attribute__((visibility("hidden"), used))
#define SD_LATE(name) SD_HIDDEN sd_late_slot sd_late_slot_##name = {NULL, #name};
#include "../CFFmpeg/late_functions.def"
#undef SD_LATE

// A stub keeps every register that holds an argument. None of the functions takes a floating-point
// number, so those registers may change in the first call.
#define SD_STUB_HEAD(name)                                                \
  ".text\n.p2align 4\n.globl sd_late_" #name "\n.hidden sd_late_" #name   \
  "\n.type sd_late_" #name ", %function\nsd_late_" #name ":\n"

#if defined(__x86_64__)
#define SD_LATE(name)                                \
  __asm__(SD_STUB_HEAD(name)                         \
          "movq sd_late_slot_" #name "(%rip), %r11\n" \
          "testq %r11, %r11\n"                       \
          "je 1f\n"                                  \
          "jmpq *%r11\n"                             \
          "1: leaq sd_late_slot_" #name "(%rip), %r11\n" \
          "jmp sd_late_first_call\n");

__asm__(".text\n.p2align 4\n.type sd_late_first_call, %function\n"
        "sd_late_first_call:\n"
        "pushq %rdi\npushq %rsi\npushq %rdx\npushq %rcx\npushq %r8\npushq %r9\npushq %r11\n"
        "movq %r11, %rdi\n"
        "call sd_late_find\n"
        "popq %r11\n"
        "movq %rax, %r11\n"
        "popq %r9\npopq %r8\npopq %rcx\npopq %rdx\npopq %rsi\npopq %rdi\n"
        "jmpq *%r11\n");
#else
#define SD_LATE(name)                                        \
  __asm__(SD_STUB_HEAD(name)                                 \
          "adrp x16, sd_late_slot_" #name "\n"               \
          "ldr x17, [x16, :lo12:sd_late_slot_" #name "]\n"   \
          "cbz x17, 1f\n"                                    \
          "br x17\n"                                         \
          "1: add x16, x16, :lo12:sd_late_slot_" #name "\n"  \
          "b sd_late_first_call\n");

__asm__(".text\n.p2align 4\n.type sd_late_first_call, %function\n"
        "sd_late_first_call:\n"
        "stp x29, x30, [sp, #-96]!\n"
        "mov x29, sp\n"
        "stp x0, x1, [sp, #16]\nstp x2, x3, [sp, #32]\nstp x4, x5, [sp, #48]\n"
        "stp x6, x7, [sp, #64]\nstr x8, [sp, #80]\n"
        "mov x0, x16\n"
        "bl sd_late_find\n"
        "mov x17, x0\n"
        "ldp x0, x1, [sp, #16]\nldp x2, x3, [sp, #32]\nldp x4, x5, [sp, #48]\n"
        "ldp x6, x7, [sp, #64]\nldr x8, [sp, #80]\n"
        "ldp x29, x30, [sp], #96\n"
        "br x17\n");
#endif

#include "../CFFmpeg/late_functions.def"

#define SD_TEXT(number) SD_TEXT_OF(number)
#define SD_TEXT_OF(number) #number

// libavformat needs libavcodec and libavutil, so their functions are found in it, too.
static void *libraries[2];
static pthread_once_t loading = PTHREAD_ONCE_INIT;

static void *loaded(const char *name) {
  void *library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
  if (library) return library;
  fprintf(stderr, "stream-detect: error: FFmpeg cannot be loaded: %s. Install its libraries.\n",
          dlerror());
  _Exit(1);
}

static void load(void) {
  libraries[0] = loaded("libavformat.so." SD_TEXT(LIBAVFORMAT_VERSION_MAJOR));
  libraries[1] = loaded("libswscale.so." SD_TEXT(LIBSWSCALE_VERSION_MAJOR));
}

// The function of a slot; threads that look for it at the same time find the same.
SD_HIDDEN void *sd_late_find(sd_late_slot *slot) {
  pthread_once(&loading, load);
  void *address = dlsym(libraries[0], slot->name);
  if (!address) address = dlsym(libraries[1], slot->name);
  if (!address) {
    fprintf(stderr, "stream-detect: error: this FFmpeg has no %s. Install the one it was built with.\n",
            slot->name);
    _Exit(1);
  }
  __atomic_store_n(&slot->address, address, __ATOMIC_RELAXED);
  return address;
}

static void *load_in_background(void *unused) {
  pthread_once(&loading, load);
  return unused;
}

void sd_late_begin(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, load_in_background, NULL) == 0) pthread_detach(thread);
}
#else
void sd_late_begin(void) {}
#endif
