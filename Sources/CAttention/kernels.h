// The kernels of one instruction set, called through dispatch.c only.
//
// To add a kernel: declare it with its contract in include/attention.h, add it to the list below, dispatch it in
// dispatch.c, and write its body in an .inc file that kernels.inc includes.
#ifndef KERNELS_H
#define KERNELS_H

#include "attention.h"

#define ATTENTION_DECLARE_KERNELS(suffix)                                                                    \
  void attention_fill_normals_##suffix(float *output, size_t count, uint64_t seed, uint64_t stream,          \
                                       uint64_t first);                                                      \
  void attention_add_row_products_##suffix(const float *left, const float *right, size_t rows, size_t width, \
                                           size_t stride, double *sums);                                     \
  void attention_map_##suffix(attention_function function, const float *input, float *output, size_t count); \
  void attention_multiply_add_##suffix(const float *a, const float *b, const float *c, float *output,        \
                                       size_t count);                                                        \
  void attention_multiply_add_chains_##suffix(size_t operations, float *total);

ATTENTION_DECLARE_KERNELS(baseline)

#if defined(__x86_64__)
ATTENTION_DECLARE_KERNELS(avx2)
ATTENTION_DECLARE_KERNELS(avx512)
#endif

#endif
