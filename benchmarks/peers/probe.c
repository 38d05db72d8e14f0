// Measures what the machine can do right now: probe CORES KIND...
//
// CORES is a list such as 0,1; one thread on each works for a tenth of a second. KIND is fp32, bf16
// or int8 (multiply-adds in registers, two operations each; 0 if the processor lacks the
// instruction), or l1, l2, l3 or dram (bytes read). Prints for each kind the sum over the cores, in
// 1e9 per second.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __AVX512F__
#include <immintrin.h>
#endif

enum { ACCUMULATORS = 16, ROUNDS = 20000, MOST_CORES = 256 };
#ifdef __AVX512F__
enum { WIDTH = 64 };
#elif defined(__AVX__)
enum { WIDTH = 32 };
#else
enum { WIDTH = 16 };
#endif
typedef float vector __attribute__((vector_size(WIDTH)));

static const double duration = 0.1;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// Independent chains hide the latency; the values converge, so none becomes denormal or infinite.
// The empty assembly keeps the compiler from optimising the rounds away.
#define CHAINS(type, initial, step)                                     \
  type sum[ACCUMULATORS];                                               \
  _Pragma("GCC unroll 16") for (int i = 0; i < ACCUMULATORS; i++) {     \
    sum[i] = initial;                                                   \
  }                                                                     \
  for (int round = 0; round < ROUNDS; round++) {                        \
    _Pragma("GCC unroll 16") for (int i = 0; i < ACCUMULATORS; i++) {   \
      sum[i] = step;                                                    \
      __asm__ volatile("" : "+" REGISTER(sum[i]));                      \
    }                                                                   \
  }

#if defined(__x86_64__)
#define REGISTER(x) "v"(x)
#else
#define REGISTER(x) "w"(x)
#endif

static double fp32(void) {
  vector a, b;
  for (int i = 0; i < WIDTH / 4; i++) a[i] = 0.5f, b[i] = 1.0f;
  CHAINS(vector, a, sum[i] * a + b)
  return 2.0 * ACCUMULATORS * ROUNDS * (WIDTH / 4);
}

static double bf16(void) {
#ifdef __AVX512BF16__
  const __m512bh a = (__m512bh)_mm512_set1_epi16(0x3f00), b = (__m512bh)_mm512_set1_epi16(0x3c00);
  CHAINS(__m512, _mm512_setzero_ps(), _mm512_dpbf16_ps(sum[i], a, b))
  return 4.0 * ACCUMULATORS * ROUNDS * 16;
#else
  return 0;
#endif
}

static double int8(void) {
#ifdef __AVX512VNNI__
  const __m512i a = _mm512_set1_epi8(1), b = _mm512_set1_epi8(1);
  CHAINS(__m512i, _mm512_setzero_si512(), _mm512_dpbusd_epi32(sum[i], a, b))
  return 8.0 * ACCUMULATORS * ROUNDS * 16;
#else
  return 0;
#endif
}

static double read_all(const vector *from, size_t bytes) {
  size_t vectors = bytes / WIDTH;
  int repeats = bytes < ((size_t)8 << 20) ? (int)(((size_t)8 << 20) / bytes) : 1;
  for (int repeat = 0; repeat < repeats; repeat++) {
    for (size_t i = 0; i < vectors; i += 8) {
      _Pragma("GCC unroll 8") for (size_t j = 0; j < 8; j++) {
        vector x = from[i + j];
        __asm__ volatile("" : : REGISTER(x));
      }
    }
  }
  return (double)bytes * repeats;
}

static const struct kind {
  const char *name;
  double (*compute)(void);
  size_t bytes;
} kinds[] = {
    {"fp32", fp32, 0},
    {"bf16", bf16, 0},
    {"int8", int8, 0},
    {"l1", NULL, 24 << 10},
    {"l2", NULL, 512 << 10},
    {"l3", NULL, 4 << 20},
    {"dram", NULL, 256 << 20},
};

static const struct kind *current;
static pthread_barrier_t start;

struct worker {
  pthread_t thread;
  int core;
  double rate;
};

static void *work(void *argument) {
  struct worker *self = argument;
#ifdef __linux__
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(self->core, &set);
  sched_setaffinity(0, sizeof set, &set);
#endif
  vector *memory = NULL;
  if (current->bytes) {
    if (posix_memalign((void **)&memory, 4096, current->bytes)) abort();
    memset(memory, 1, current->bytes);
  }
  pthread_barrier_wait(&start);
  double begin = now(), amount = 0, end;
  do {
    amount += current->bytes ? read_all(memory, current->bytes) : current->compute();
    end = now();
  } while (end - begin < duration);
  self->rate = amount / (end - begin) / 1e9;
  free(memory);
  return NULL;
}

static int measure(const int *cores, int count) {
  static struct worker workers[MOST_CORES];
  pthread_barrier_init(&start, NULL, (unsigned)count);
  for (int i = 0; i < count; i++) {
    workers[i].core = cores[i];
    if (pthread_create(&workers[i].thread, NULL, work, &workers[i])) return 1;
  }
  double sum = 0;
  for (int i = 0; i < count; i++) {
    pthread_join(workers[i].thread, NULL);
    sum += workers[i].rate;
  }
  pthread_barrier_destroy(&start);
  printf("%s %.2f\n", current->name, sum);
  return 0;
}

int main(int argc, char **argv) {
  int cores[MOST_CORES], count = 0;
  if (argc < 3) {
    fprintf(stderr, "usage: probe CORES KIND...\n");
    return 2;
  }
  for (char *word = strtok(argv[1], ","); word && count < MOST_CORES; word = strtok(NULL, ",")) {
    cores[count++] = atoi(word);
  }
  for (int i = 2; i < argc; i++) {
    current = NULL;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
      if (!strcmp(argv[i], kinds[k].name)) current = &kinds[k];
    }
    if (!current) {
      fprintf(stderr, "probe: unknown kind '%s'\n", argv[i]);
      return 2;
    }
    if (measure(cores, count)) return 1;
  }
  return 0;
}
