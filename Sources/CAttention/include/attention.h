#ifndef ATTENTION_H
#define ATTENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The instruction sets that the kernels are compiled for, each a superset of the ones before it.
///
/// Every kernel gives the same bits with every instruction set.
typedef enum {
  /// What every processor of the platform has: SSE2 on x86-64, NEON on arm64.
  ATTENTION_BASELINE,
  /// AVX2 and FMA, x86-64 only.
  ATTENTION_AVX2,
  /// AVX-512 F, BW, DQ and VL, x86-64 only.
  ATTENTION_AVX512,
} attention_set;

/// Whether the processor and the system that run this can run the kernels of `set`.
bool attention_supports(attention_set set);

/// Writes the standard normal numbers `first ..< first + count` of a seed and a stream to `output`.
///
/// Their bits are those of version 1 of the numeric contract. `set` must be supported, and `output` must
/// have room for `count` numbers; it needs no alignment beyond that of a float.
void attention_fill_normals(attention_set set, float *output, size_t count, uint64_t seed, uint64_t stream,
                            uint64_t first);

/// Adds to each of `rows` sums the products of a row of `left` with the same row of `right`.
///
/// `left` and `right` have the shape [rows, width]; a row starts `stride` numbers after the one before. Each
/// sum grows in the order of the components, one binary64 addition of one exact product at a time. `set` must
/// be supported.
void attention_add_row_products(attention_set set, const float *left, const float *right, size_t rows,
                                size_t width, size_t stride, double *sums);

/// The elementary functions that `attention_map` knows.
typedef enum {
  /// 2ˣ, within 1.02 ulp; exactly 0 below 2⁻¹²⁶, infinite from 2¹²⁸ on.
  ATTENTION_EXP2,
  /// eˣ, likewise.
  ATTENTION_EXP,
  /// ln x, within 0.9 ulp; −∞ for 0, not a number below.
  ATTENTION_LOG,
  /// ln(1 + x), within 2 ulp; −∞ for −1, not a number below.
  ATTENTION_LOG1P,
} attention_function;

/// Writes a function of each of the `count` numbers of `input` to `output`, which may be `input`.
void attention_map(attention_set set, attention_function function, const float *input, float *output,
                   size_t count);

/// Writes a · b + c, rounded once, for each of `count` numbers; `output` may be one of the inputs.
void attention_multiply_add(attention_set set, const float *a, const float *b, const float *c, float *output,
                            size_t count);

/// Does `operations` floating-point operations, down to a multiple of some hundreds, as fused multiply-adds that
/// count two each, and writes a sum that depends on all of them.
///
/// The chains are as many as keep the processor's units busy, and nothing but registers is used: the time shows
/// the most that the instruction set can do. `set` must be supported.
void attention_multiply_add_chains(attention_set set, size_t operations, float *total);

#endif
