// The kernels for x86-64 processors with AVX2 and FMA.
#if defined(__x86_64__)

#include "kernels.h"

#define FN(name) attention_##name##_avx2
#define HAS_FUSED_MULTIPLY_ADD 1
#define VECTORS_IN_REGISTERS 8
// As many sums as fit into the registers beside a column and a factor.
#define ATTENTION_TILE_ROWS 6
#define ATTENTION_TILE_VECTORS 1

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "kernels.inc"
#pragma clang attribute pop

#endif
