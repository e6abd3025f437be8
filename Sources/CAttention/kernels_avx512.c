// The kernels for x86-64 processors with AVX-512 F, BW, DQ and VL.
#if defined(__x86_64__)

#include "kernels.h"

#define FN(name) attention_##name##_avx512
#define HAS_FUSED_MULTIPLY_ADD 1
#define VECTORS_IN_REGISTERS 32
// As many sums as fit into the registers beside a column and a factor.
#define ATTENTION_TILE_ROWS 8
#define ATTENTION_TILE_VECTORS 2

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), \
                             apply_to = function)
#include "kernels.inc"
#pragma clang attribute pop

#endif
