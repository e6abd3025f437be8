#include "attention.h"

#include "kernels.h"

bool attention_supports(attention_set set) {
  switch (set) {
  case ATTENTION_BASELINE:
    return true;
#if defined(__x86_64__)
  case ATTENTION_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  case ATTENTION_AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           attention_supports(ATTENTION_AVX2);
#endif
  default:
    return false;
  }
}

#if defined(__x86_64__)
#define DISPATCH(set, name, ...)                  \
  switch (set) {                                  \
  case ATTENTION_AVX512:                          \
    attention_##name##_avx512(__VA_ARGS__);       \
    break;                                        \
  case ATTENTION_AVX2:                            \
    attention_##name##_avx2(__VA_ARGS__);         \
    break;                                        \
  case ATTENTION_BASELINE:                        \
    attention_##name##_baseline(__VA_ARGS__);     \
    break;                                        \
  }
#else
#define DISPATCH(set, name, ...) \
  (void)(set);                   \
  attention_##name##_baseline(__VA_ARGS__)
#endif

void attention_fill_normals(attention_set set, float *output, size_t count, uint64_t seed, uint64_t stream,
                            uint64_t first) {
  DISPATCH(set, fill_normals, output, count, seed, stream, first);
}

void attention_add_row_products(attention_set set, const float *left, const float *right, size_t rows,
                                size_t width, size_t stride, double *sums) {
  DISPATCH(set, add_row_products, left, right, rows, width, stride, sums);
}

void attention_map(attention_set set, attention_function function, const float *input, float *output,
                   size_t count) {
  DISPATCH(set, map, function, input, output, count);
}

void attention_multiply_add(attention_set set, const float *a, const float *b, const float *c, float *output,
                            size_t count) {
  DISPATCH(set, multiply_add, a, b, c, output, count);
}

void attention_multiply_add_chains(attention_set set, size_t operations, float *total) {
  DISPATCH(set, multiply_add_chains, operations, total);
}
