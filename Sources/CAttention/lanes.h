// Vectors of 16 lanes and what the kernels do with them. Included once by each kernels_*.c, which defines
// FN(name), a name of its instruction set, HAS_FUSED_MULTIPLY_ADD, and VECTORS_IN_REGISTERS, how many of them
// the registers hold.
//
// The same bits come out of every instruction set because every step is one that IEEE 754 rounds in one way
// only: no library function, no estimate of a reciprocal, and a fused multiply-add only where it is written.
// (Which not-a-number comes out of an operation that has no result is the one thing that may differ.)
#pragma clang fp contract(off)
// The helpers are always inlined, so that it does not matter how their vectors would be passed.
#pragma clang diagnostic ignored "-Wpsabi"
// Each instruction set has its own copies of all helpers and needs some of them only.
#pragma clang diagnostic ignored "-Wunused-function"

#include <stddef.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

typedef float f32x16 __attribute__((ext_vector_type(16)));
typedef int32_t i32x16 __attribute__((ext_vector_type(16)));
typedef uint32_t u32x16 __attribute__((ext_vector_type(16)));
typedef uint32_t u32x8 __attribute__((ext_vector_type(8)));
typedef uint64_t u64x8 __attribute__((ext_vector_type(8)));
typedef int64_t i64x8 __attribute__((ext_vector_type(8)));
typedef float f32x4 __attribute__((ext_vector_type(4)));
typedef float f32x8 __attribute__((ext_vector_type(8)));
typedef double f64x4 __attribute__((ext_vector_type(4)));
typedef double f64x8 __attribute__((ext_vector_type(8)));
typedef double f64x16 __attribute__((ext_vector_type(16)));
typedef int64_t i64x16 __attribute__((ext_vector_type(16)));

// The same in memory, aligned like one number.
typedef f32x16 f32x16_unaligned __attribute__((aligned(4), may_alias));
typedef f32x4 f32x4_unaligned __attribute__((aligned(4), may_alias));
typedef f64x8 f64x8_unaligned __attribute__((aligned(8), may_alias));

// MARK: - Memory

INLINE f32x16 FN(splat)(float value) { return (f32x16)value; }

/// The 16 numbers from `source` on, which needs no alignment.
INLINE f32x16 FN(load)(const float *source) { return *(const f32x16_unaligned *)source; }

INLINE void FN(store)(float *target, f32x16 value) { *(f32x16_unaligned *)target = value; }

/// Lane i is −1 (all bits) for i < `count`, else 0.
INLINE i32x16 FN(lanes_below)(size_t count) {
  const i32x16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return lanes < (i32x16)(int32_t)(count < 16 ? count : 16);
}

/// The first `count` < 16 numbers from `source` on, then `padding`; nothing behind them is read.
INLINE f32x16 FN(load_part)(const float *source, size_t count, float padding) {
  float numbers[16] __attribute__((aligned(64)));
  *(f32x16 *)numbers = (f32x16)padding;
  for (size_t lane = 0; lane < count; lane++) numbers[lane] = source[lane];
  return *(f32x16 *)numbers;
}

/// Writes the first `count` < 16 lanes and nothing behind them.
INLINE void FN(store_part)(float *target, size_t count, f32x16 value) {
  float numbers[16] __attribute__((aligned(64)));
  *(f32x16 *)numbers = value;
  for (size_t lane = 0; lane < count; lane++) target[lane] = numbers[lane];
}

// MARK: - Arithmetic

/// The larger of two numbers; `b` if one is not a number.
INLINE f32x16 FN(larger)(f32x16 a, f32x16 b) { return a > b ? a : b; }

/// The smaller of two numbers; `b` if one is not a number.
INLINE f32x16 FN(smaller)(f32x16 a, f32x16 b) { return a < b ? a : b; }

/// Square roots, rounded correctly as quotients are.
INLINE f32x16 FN(root)(f32x16 a) { return __builtin_elementwise_sqrt(a); }

#if HAS_FUSED_MULTIPLY_ADD

/// Returns a · b + c, rounded once, for all a, b and c.
INLINE f32x16 FN(fused)(f32x16 a, f32x16 b, f32x16 c) { return __builtin_elementwise_fma(a, b, c); }

/// Returns a · b + c where a · b is a binary32 number.
INLINE f32x16 FN(exact_product_sum)(f32x16 a, f32x16 b, f32x16 c) { return FN(fused)(a, b, c); }

#else

/// Returns a · b + c, rounded once, for all a, b and c.
///
/// The product p is exact in binary64: 24 + 24 ≤ 53 bits, and 2⁻²⁹⁸ is a normal number. Let s be p + c rounded
/// to binary64 and e = p + c − s, which Knuth's TwoSum finds exactly (nothing overflows below 2²⁵⁷). If e ≠ 0
/// and the last bit of s is 0, the neighbor of s on the side of e takes its place: that is p + c rounded to
/// odd, the one of the two binary64 numbers around it whose last bit is 1. Rounding that to binary32, which
/// has at least two bits less, is rounding p + c once: a number rounded to odd lies on the same side of every
/// number of 25 bits or fewer (binary32 numbers and midpoints between them, subnormal ones and the limit of
/// overflow included) as the exact one, as it could only be such a number if it were exact (Boldo and
/// Melquiond, "Emulation of FMA and correctly rounded sums", 2008).
/// With an infinite operand or one that is not a number e is not a number, so that s stays.
INLINE f32x16 FN(fused)(f32x16 a, f32x16 b, f32x16 c) {
  f64x16 product = __builtin_convertvector(a, f64x16) * __builtin_convertvector(b, f64x16);
  f64x16 addend = __builtin_convertvector(c, f64x16);
  f64x16 sum = product + addend;
  f64x16 part = sum - product;
  f64x16 error = (product - (sum - part)) + (addend - part);
  i64x16 bits = (i64x16)sum;
  i64x16 inexact = (error > 0) | (error < 0);
  // Towards e: a step up in magnitude if s and e have the same sign, else down. s = 0 is always exact.
  i64x16 step = (i64x16)1 | ((i64x16)error ^ bits) >> 63;
  bits += step & inexact & ((bits & 1) - 1);
  return __builtin_convertvector((f64x16)bits, f32x16);
}

/// Returns a · b + c where a · b is a binary32 number.
INLINE f32x16 FN(exact_product_sum)(f32x16 a, f32x16 b, f32x16 c) { return a * b + c; }

#endif

/// Whether a lane of a comparison's result is true.
INLINE int FN(any)(i32x16 mask) { return __builtin_reduce_or(mask) != 0; }

// MARK: - Sums of lanes

/// Adds up the lanes: those 8 apart first, then 4, 2 and 1 apart.
INLINE float FN(sum_lanes)(f32x16 v) {
  f32x8 eight = v.lo + v.hi;
  f32x4 four = eight.lo + eight.hi;
  return (four.x + four.z) + (four.y + four.w);
}

INLINE float FN(largest_lane)(f32x16 v) {
  f32x8 eight = v.lo > v.hi ? v.lo : v.hi;
  f32x4 four = eight.lo > eight.hi ? eight.lo : eight.hi;
  float even = four.x > four.z ? four.x : four.z;
  float odd = four.y > four.w ? four.y : four.w;
  return even > odd ? even : odd;
}

/// Lane i is the sum of the lanes of `rows[i]`, added up as `sum_lanes` does.
INLINE f32x16 FN(sum_each)(const f32x16 rows[16]) {
  f32x16 eights[8], fours[4], twos[2];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) {
    f32x16 a = rows[2 * i], b = rows[2 * i + 1];
    eights[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
                __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    f32x16 a = eights[2 * i], b = eights[2 * i + 1];
    fours[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
               __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 2; i++) {
    f32x16 a = fours[2 * i], b = fours[2 * i + 1];
    twos[i] = __builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29) +
              __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31);
  }
  return __builtin_shufflevector(
             twos[0], twos[1], 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30) +
         __builtin_shufflevector(
             twos[0], twos[1], 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}

/// Transposes 16 rows of 16 numbers in place.
INLINE void FN(transpose)(f32x16 rows[16]) {
  // Each round swaps the blocks off the diagonal: of 8 lanes between rows 8 apart, then of 4, 2 and 1.
#define ATTENTION_SWAP(distance, ...)                                                                       \
  _Pragma("clang loop unroll(full)") for (int i = 0; i < 16; i++) {                                         \
    if ((i & (distance)) == 0) {                                                                            \
      f32x16 a = rows[i], b = rows[i + (distance)];                                                         \
      rows[i] = __builtin_shufflevector(a, b, __VA_ARGS__);                                                 \
      rows[i + (distance)] = ATTENTION_SWAP_HIGH_##distance(a, b);                                          \
    }                                                                                                       \
  }
#define ATTENTION_SWAP_HIGH_8(a, b) \
  __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
#define ATTENTION_SWAP_HIGH_4(a, b) \
  __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31)
#define ATTENTION_SWAP_HIGH_2(a, b) \
  __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define ATTENTION_SWAP_HIGH_1(a, b) \
  __builtin_shufflevector(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31)
  ATTENTION_SWAP(8, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
  ATTENTION_SWAP(4, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
  ATTENTION_SWAP(2, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
  ATTENTION_SWAP(1, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
#undef ATTENTION_SWAP
#undef ATTENTION_SWAP_HIGH_8
#undef ATTENTION_SWAP_HIGH_4
#undef ATTENTION_SWAP_HIGH_2
#undef ATTENTION_SWAP_HIGH_1
}

// MARK: - Elementary functions

/// log₂ e, to which logits are multiplied when the exponential is one to the base 2.
#define ATTENTION_LOG2_E 0x1.715476p+0f

/// 1.5 · 2²³: added to a number below 2²² in magnitude, it leaves the nearest integer in the low bits.
#define ATTENTION_ROUNDER 0x1.8p+23f

/// 2 to the power r for |r| ≤ ½ (and a little beyond); exactly 1 for 0. Its own error is 2⁻²⁸·⁵.
INLINE f32x16 FN(exp2_fraction)(f32x16 r) {
  f32x16 series = FN(fused)(r, FN(splat)(0x1.470b4ap-13f), FN(splat)(0x1.5f7276p-10f));
  series = FN(fused)(r, series, FN(splat)(0x1.3b270ep-7f));
  series = FN(fused)(r, series, FN(splat)(0x1.c6ae72p-5f));
  series = FN(fused)(r, series, FN(splat)(0x1.ebfbe2p-3f));
  series = FN(fused)(r, series, FN(splat)(0x1.62e432p-1f));
  return FN(fused)(r, series, FN(splat)(1.0f));
}

/// Multiplies `value`, 0.5 … 2, by 2 to the power n, given as `ATTENTION_ROUNDER` + n; the result must be a
/// normal number.
INLINE f32x16 FN(scale_by_power)(f32x16 value, f32x16 rounded) {
  return (f32x16)((u32x16)value + ((u32x16)rounded << 23));
}

/// 2 to the power x where the caller knows that −126 ≤ x < 128; within 1.02 ulp.
INLINE f32x16 FN(exp2_normal)(f32x16 x) {
  f32x16 rounded = x + ATTENTION_ROUNDER;
  return FN(scale_by_power)(FN(exp2_fraction)(x - (rounded - ATTENTION_ROUNDER)), rounded);
}

/// 2 to the power t · factor, rounding the product only once it is reduced, where −126 ≤ t · factor < 128.
INLINE f32x16 FN(exp2_product)(f32x16 t, f32x16 factor) {
  f32x16 rounded = FN(fused)(t, factor, FN(splat)(ATTENTION_ROUNDER));
  f32x16 r = FN(fused)(t, factor, -(rounded - ATTENTION_ROUNDER));
  return FN(scale_by_power)(FN(exp2_fraction)(r), rounded);
}

/// 2 to the power x for all x, within 1.02 ulp; exactly 0 where the result would be below 2⁻¹²⁶, the smallest
/// normal number, infinite from 128 on.
INLINE f32x16 FN(exp2)(f32x16 x) {
  f32x16 clamped = FN(smaller)(FN(splat)(128.0f), FN(larger)(FN(splat)(-126.0f), x));
  f32x16 value = FN(exp2_normal)(clamped);
  value = x < -126.0f ? FN(splat)(0.0f) : value;
  return x == x ? value : x;
}

/// e to the power x − n ln 2, 0.7 … 1.42, for x given with `ATTENTION_ROUNDER` + n, n = x log₂ e to the nearest integer.
INLINE f32x16 FN(exp_fraction)(f32x16 x, f32x16 rounded) {
  f32x16 multiple = rounded - ATTENTION_ROUNDER;
  // ln 2 in two parts; the first product is exact, having 8 + 15 bits.
  f32x16 r = FN(fused)(multiple, FN(splat)(-0x1.62e4p-1f), x);
  r = FN(fused)(multiple, FN(splat)(-0x1.7f7d1cp-20f), r);
  // eʳ = 1 + r + r² P(r), P fitted for |r| ≤ ln 2 / 2 to a relative error of 2⁻²⁸·³.
  f32x16 series = FN(fused)(r, FN(splat)(0x1.6a241ap-10f), FN(splat)(0x1.1239f2p-7f));
  series = FN(fused)(r, series, FN(splat)(0x1.5558f2p-5f));
  series = FN(fused)(r, series, FN(splat)(0x1.555492p-3f));
  series = FN(fused)(r, series, FN(splat)(0x1.fffffcp-2f));
  series = FN(fused)(r, series, FN(splat)(1.0f));
  return FN(fused)(r, series, FN(splat)(1.0f));
}

/// e to the power x for all x, within 1.02 ulp; exactly 0 where the result would be below 2⁻¹²⁶, infinite where
/// it would be 2¹²⁸ or more.
INLINE f32x16 FN(exp)(f32x16 x) {
  // The bounds: the least x with eˣ ≥ 2⁻¹²⁶, the largest with eˣ < 2¹²⁸.
  const float least = -0x1.5d589ep+6f, largest = 0x1.62e42ep+6f;
  f32x16 clamped = FN(smaller)(FN(splat)(largest), FN(larger)(FN(splat)(least), x));
  f32x16 rounded = FN(fused)(clamped, FN(splat)(ATTENTION_LOG2_E), FN(splat)(ATTENTION_ROUNDER));
  f32x16 value = FN(scale_by_power)(FN(exp_fraction)(clamped, rounded), rounded);
  value = x < least ? FN(splat)(0.0f) : value;
  value = x > largest ? FN(splat)(__builtin_inff()) : value;
  return x == x ? value : x;
}

/// ln x for all x, within 0.9 ulp: −∞ for 0, not a number below.
///
/// x = 2ᵉ m with √½ ≤ m < √2; the series in m − 1 is that of `logf` in the Cephes library (S. Moshier).
INLINE f32x16 FN(log)(f32x16 x) {
  i32x16 subnormal = x < 0x1p-126f;
  u32x16 bits = (u32x16)(subnormal ? x * 0x1p+23f : x);
  u32x16 shifted = bits - 0x3F3504F3;
  f32x16 exponent = __builtin_convertvector((i32x16)shifted >> 23, f32x16);
  exponent -= subnormal ? FN(splat)(23.0f) : FN(splat)(0.0f);
  f32x16 fraction = (f32x16)((shifted & 0x007FFFFF) + 0x3F3504F3) - 1.0f;
  f32x16 square = fraction * fraction;
  f32x16 series = FN(fused)(fraction, FN(splat)(0x1.204376p-4f), FN(splat)(-0x1.d7a37p-4f));
  series = FN(fused)(fraction, series, FN(splat)(0x1.de4a34p-4f));
  series = FN(fused)(fraction, series, FN(splat)(-0x1.fcba9ep-4f));
  series = FN(fused)(fraction, series, FN(splat)(0x1.23d37ep-3f));
  series = FN(fused)(fraction, series, FN(splat)(-0x1.555cap-3f));
  series = FN(fused)(fraction, series, FN(splat)(0x1.999d58p-3f));
  series = FN(fused)(fraction, series, FN(splat)(-0x1.fffff8p-3f));
  series = FN(fused)(fraction, series, FN(splat)(0x1.555554p-2f));
  series = series * fraction * square;
  series = FN(fused)(exponent, FN(splat)(-0x1.bd01p-13f), series);
  series = FN(exact_product_sum)(FN(splat)(-0.5f), square, series);
  f32x16 value = FN(exact_product_sum)(exponent, FN(splat)(0x1.63p-1f), fraction + series);
  value = x < __builtin_inff() ? value : x;
  value = x > 0 ? value : FN(splat)(__builtin_nanf(""));
  return x == 0 ? FN(splat)(-__builtin_inff()) : value;
}

/// ln(1 + x) for x > −1, also near 0, within 2 ulp: −∞ for −1, not a number below.
INLINE f32x16 FN(log1p)(f32x16 x) {
  f32x16 sum = 1.0f + x;
  // What the sum lost, relative to it; where it rounds to 1 the whole of x.
  f32x16 lost = x > 1.0f ? 1.0f - (sum - x) : x - (sum - 1.0f);
  f32x16 value = FN(log)(sum) + lost / sum;
  return sum > 0 && sum < __builtin_inff() ? value : FN(log)(sum);
}
