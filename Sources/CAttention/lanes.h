// Vectors of 16 lanes and what the kernels do with them. Included once by each kernels_*.c, which defines
// FN(name), a name of its instruction set, and HAS_FUSED_MULTIPLY_ADD.
//
// The same bits come out of every instruction set because every step is one that IEEE 754 rounds in one way
// only: no library function, no estimate of a reciprocal, and a fused multiply-add only where it is written.
#pragma clang fp contract(off)
// The helpers are always inlined, so that it does not matter how their vectors would be passed.
#pragma clang diagnostic ignored "-Wpsabi"

#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

typedef float f32x16 __attribute__((ext_vector_type(16)));
typedef int32_t i32x16 __attribute__((ext_vector_type(16)));
typedef uint32_t u32x16 __attribute__((ext_vector_type(16)));
typedef uint32_t u32x8 __attribute__((ext_vector_type(8)));
typedef uint64_t u64x8 __attribute__((ext_vector_type(8)));
typedef float f32x4 __attribute__((ext_vector_type(4)));
typedef double f64x4 __attribute__((ext_vector_type(4)));

// The same in memory, aligned like one number.
typedef f32x16 f32x16_unaligned __attribute__((aligned(4), may_alias));
typedef f32x4 f32x4_unaligned __attribute__((aligned(4), may_alias));

INLINE f32x16 FN(splat)(float value) { return (f32x16)value; }

#if HAS_FUSED_MULTIPLY_ADD

/// Returns a · b + c, rounded once.
INLINE f32x16 FN(fused)(f32x16 a, f32x16 b, f32x16 c) { return __builtin_elementwise_fma(a, b, c); }

/// Returns a · b + c where a · b is a binary32 number.
INLINE f32x16 FN(exact_product_sum)(f32x16 a, f32x16 b, f32x16 c) { return FN(fused)(a, b, c); }

#else

typedef double f64x16 __attribute__((ext_vector_type(16)));

/// Returns a · b + c, rounded once, in the steps of the normals; elsewhere it may be wrong.
///
/// The product is exact; the sum rounds to binary64, then to binary32. Rounding twice does harm only where an
/// inexact sum becomes the midpoint of two binary32 numbers. In version 1 of the contract that never shows: all
/// 2³² radius words and all 2³⁰ angle words of a quadrant give the bits of fused steps.
INLINE f32x16 FN(fused)(f32x16 a, f32x16 b, f32x16 c) {
  f64x16 product = __builtin_convertvector(a, f64x16) * __builtin_convertvector(b, f64x16);
  return __builtin_convertvector(product + __builtin_convertvector(c, f64x16), f32x16);
}

/// Returns a · b + c where a · b is a binary32 number.
INLINE f32x16 FN(exact_product_sum)(f32x16 a, f32x16 b, f32x16 c) { return a * b + c; }

#endif
