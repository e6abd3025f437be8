// The kernels of one instruction set, called through dispatch.c only.
#ifndef KERNELS_H
#define KERNELS_H

#include <stddef.h>
#include <stdint.h>

#define ATTENTION_DECLARE_KERNELS(suffix)                                                                    \
  void attention_fill_normals_##suffix(float *output, size_t count, uint64_t seed, uint64_t stream,          \
                                       uint64_t first);                                                      \
  void attention_add_row_products_##suffix(const float *left, const float *right, size_t rows, size_t width, \
                                           size_t stride, double *sums);

ATTENTION_DECLARE_KERNELS(baseline)

#if defined(__x86_64__)
ATTENTION_DECLARE_KERNELS(avx2)
ATTENTION_DECLARE_KERNELS(avx512)
#endif

#endif
