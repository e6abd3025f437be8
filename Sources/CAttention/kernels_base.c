// The kernels for every processor of the platform.
#include "kernels.h"

#define FN(name) attention_##name##_baseline
#if defined(__aarch64__) || defined(__FMA__)
#define HAS_FUSED_MULTIPLY_ADD 1
#else
#define HAS_FUSED_MULTIPLY_ADD 0
#endif
// As many sums as fit into the registers beside a column and a factor.
#define ATTENTION_TILE_ROWS 4
#define ATTENTION_TILE_VECTORS 1

#if defined(__aarch64__)
#define VECTORS_IN_REGISTERS 8
#else
#define VECTORS_IN_REGISTERS 4
#endif

#include "kernels.inc"
