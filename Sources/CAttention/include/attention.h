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
/// Their bits are those of the numeric contract. `set` must be supported, and `output` must
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

/// Packs rows for `attention_multiply_panels`: 32 rows to a panel, component by component.
///
/// `rows` has the shape [count, width]; a row starts `stride` numbers after the one before. `panels` gets the
/// shape [⌈count / 32⌉, width, 32]; missing rows of the last panel are zeros.
void attention_pack_panels(attention_set set, const float *rows, size_t count, size_t width, size_t stride,
                           float *panels);

/// Writes the dot product of each of `rowCount` rows with each of `columns` packed rows.
///
/// Each is one chain of fused steps over the components in their order, from 0 on, whatever the sizes. Column j
/// of row i lies at i · rowStride + ⌊j / 16⌋ · vectorStride + j mod 16: a matrix of shape [rowCount, columns]
/// for rowStride = columns, vectorStride = 16; blocks of 16 columns each for rowStride = 16, vectorStride = 16 ·
/// rowCount. Nothing but these places is written.
void attention_multiply_panels(attention_set set, const float *rows, size_t rowCount, size_t width, size_t stride,
                               const float *panels, size_t columns, float *output, size_t rowStride,
                               size_t vectorStride);

/// Sorts each column of a block of shape [keys, 16] from large to small; all numbers must be finite.
///
/// Takes about keys · log² keys / 4 steps, each for all columns at once.
void attention_sort_columns(attention_set set, float *block, size_t keys);

/// Swaps the first of the largest numbers of each column of a block of shape [keys, 16], keys ≥ 1, to the
/// column's first place, and writes the smallest numbers of the columns, shape [16].
void attention_move_largest_first(attention_set set, float *block, size_t keys, float *smallest);

/// Writes the mean and the sums of second, third and fourth powers of the deviations from it of each column of a
/// block of shape [keys, 16], keys ≥ 1: `moments` has the shape [4, 16], its rows `stride` apart.
void attention_column_moments(attention_set set, const float *block, size_t keys, double *moments, size_t stride);

/// The measures of a row of attention weights that `attention_row_statistics` writes, in this order.
enum {
  ATTENTION_ENTROPY,
  ATTENTION_EFFECTIVE_KEYS,
  ATTENTION_EFFECTIVE_KEYS_SHARE,
  ATTENTION_PARTICIPATION_RATIO,
  ATTENTION_MAX_PROBABILITY,
  ATTENTION_REMAINDER,
  ATTENTION_JACOBIAN_FROBENIUS_NORM,
  ATTENTION_JACOBIAN_TRACE,
  ATTENTION_LOG_SUM_EXP,
  ATTENTION_LARGEST_LOGIT,
  ATTENTION_SMALLEST_LOGIT,
  ATTENTION_ROW_MEASURES,
};

/// Writes the measures of 16 rows of attention weights, the softmax of scores divided by `divisor`.
///
/// `block` has the shape [keys, 16], keys ≥ 1, a row to a column, its largest score first; `smallest` holds the
/// smallest score of each row. Sums leave out the first key: those of up to 128 keys in binary32, in their order,
/// the sums of these in binary64. Where the tail is below 2⁻³⁰ they are computed anew, lifted by a power of two,
/// so that nothing underflows that counts. Measures are numbers of binary64 made by the formulas of
/// `RowStatistics`; `measures` has the shape [ATTENTION_ROW_MEASURES, 16], its rows `stride` apart.
/// `exponentials` gets exp(logit − largest logit), shape [keys, 16]; 0 where that is below 2⁻¹²⁶. It may be null.
/// All scores must be finite, their differences too; `divisor` must be 2⁻¹⁰⁰ or more.
void attention_row_statistics(attention_set set, const float *block, size_t keys, const float *smallest,
                              double divisor, float *exponentials, double *measures, size_t stride);

/// Writes for 16 rows of exponentials, sorted from large to small, shape [keys, 16], the mass of the largest
/// `counts` weights and the smallest numbers of keys that carry `shares` of the mass.
///
/// Each count is 1 … keys, each share above 0 and at most 1. `results` has the shape [countsCount + sharesCount,
/// 16], its rows `stride` apart. Sums are numbers of binary64, added from the largest on.
void attention_row_masses(attention_set set, const float *exponentials, size_t keys, const size_t *counts,
                          size_t countsCount, const double *shares, size_t sharesCount, double *results,
                          size_t stride);

/// Writes the mean of `count` ≥ 1 numbers, the sums of second, third and fourth powers of the deviations from it,
/// the smallest and the largest of them: six numbers.
void attention_moments(attention_set set, const double *values, size_t count, double *moments);

/// Writes the softmax of each row of logits, which are `logits` divided by `divisor` > 0.
///
/// `logits` and `weights` have the shape [rows, keys], keys ≥ 1; rows start `stride` and `weightsStride` numbers
/// apart. The two may be the same memory with the same stride. Exponentials below 2⁻¹²⁶ of the largest are 0.
/// A row of −∞, or one with +∞ or something that is not a number, becomes not-a-number as a whole.
/// With `scratch`, room for one row, and `weights` aligned to 64 bytes, the weights go past the caches: good for
/// results larger than these. The bits are the same. Then the two must not overlap.
void attention_softmax_rows(attention_set set, const float *logits, size_t rows, size_t keys, size_t stride,
                            double divisor, float *weights, size_t weightsStride, float *scratch);

/// Writes the gradients with respect to scores: p (g − Σ p g) / divisor for the weights p and their gradients g.
///
/// All have the shape [rows, keys], their rows `stride` numbers apart; the result may be one of the inputs.
void attention_softmax_backward(attention_set set, const float *weights, const float *weightGradients,
                                size_t rows, size_t keys, size_t stride, double divisor, float *logitGradients);

/// The formats that results of a step are rounded to.
typedef enum {
  /// IEEE 754 binary16: 11 bits, up to 65,504.
  ATTENTION_BINARY16,
  /// The upper half of binary32: 8 bits, up to 3.39 · 10³⁸.
  ATTENTION_BFLOAT16,
  /// IEEE 754 binary32: no further rounding.
  ATTENTION_BINARY32,
} attention_format;

/// Rounds each of `count` numbers to a format, to nearest, ties to even; `output` may be `input`.
void attention_round_numbers(attention_set set, attention_format format, const float *input, float *output,
                             size_t count);

/// Writes the softmax of rows of logits, shape [rows, keys], each step rounded to the format.
///
/// Logits, their differences from the row's largest (only if `isShifted`), exponentials, the sum (every addition
/// if `roundsSums`, else the finished one) and the quotients are each rounded to the format. Nothing is caught: a
/// row overflows, divides by 0 or becomes not-a-number as it would there. `weights` has the same shape and must not
/// overlap `logits`.
void attention_rounded_softmax(attention_set set, attention_format format, bool isShifted, bool roundsSums,
                               const float *logits, size_t rows, size_t keys, float *weights);

/// Writes how weights, shape [rows, keys], differ from others: for each row four numbers, namely 1 if any weight is
/// not finite, else 0; how many are 0; the largest difference; the sum of the differences. Both are without regard
/// to sign, and mean nothing in a row that is not finite.
void attention_weight_errors(attention_set set, const float *weights, const double *reference, size_t rows,
                             size_t keys, double *measures);

// MARK: - Products

/// A product of two matrices: target = left · right, or target += left · right with `accumulate`.
///
/// Entry (i, k) of the left side is `left[i · left_row + k · left_step]`; the other two are row by row, a row
/// `right_row` or `target_row` numbers after the one before. Each entry is the sum, in their order, of its old value
/// with `accumulate` and of chains of fused multiply-adds over 32 steps k each.
typedef struct {
  size_t rows, columns, depth;
  const float *left;
  size_t left_row, left_step;
  const float *right;
  size_t right_row;
  float *target;
  size_t target_row;
  bool accumulate;
} attention_product;

/// Computes a product. The target overlaps neither side; `set` must be supported.
void attention_multiply(attention_set set, const attention_product *product);

/// Writes `count` rows of `width` numbers as columns: `target` [width, count rounded up to a multiple of 16], with
/// zeros behind the `count` columns. The two don't overlap.
void attention_transpose(attention_set set, const float *rows, size_t count, size_t width, float *target);

/// Writes how many numbers at the start are known to be finite: all of them, or a multiple of 256 after which one
/// of the next 256 is not.
void attention_count_finite(attention_set set, const float *values, size_t count, size_t *finite);

/// Writes for each row the sum of the products of `width` numbers of two matrices: 16 sums of every 16th
/// product, then those added up.
void attention_multiply_rows(attention_set set, const float *left, const float *right, size_t rows,
                             size_t width, float *sums);

// MARK: - Attention

enum {
  /// Queries in a block, at most.
  ATTENTION_BLOCK_QUERIES = 64,
  /// Keys in a block, at most; part of the numeric contract.
  ATTENTION_BLOCK_KEYS = 128,
};

/// The sizes of a head, and which keys a query sees. All sizes are at least 1.
typedef struct {
  /// Rows of Q; of K and V.
  size_t queries, keys;
  /// Columns of Q and K; of V.
  size_t key_width, value_width;
  /// The logits are the scores times this; above 0.
  float factor;
  /// Whether query i sees only the keys up to `first_position` + i.
  bool causal;
  size_t first_position;
} attention_head;

/// Writes keys in the order in which `attention_forward` wants them: blocks of 128 keys, transposed.
///
/// `packed` has room for `width` times the count rounded up to a multiple of 128, and is aligned to 64 bytes.
void attention_pack_keys(attention_set set, const float *keys, size_t count, size_t width, float *packed);

/// Attention of the queries `first_query ..< first_query + count`, at most 64 of a head.
///
/// `queries`, `outputs`, `largest` and `sums` start at the first of these queries; `packed_keys` and `values` are
/// those of the whole head. Writes outputs [count, value_width], the largest score of each query, and the sum of
/// its exponentials relative to that.
void attention_forward(attention_set set, const attention_head *head, const float *queries,
                       const float *packed_keys, const float *values, size_t first_query, size_t count,
                       float *outputs, float *largest, float *sums);

/// What the backward pass of a head reads.
typedef struct {
  const float *queries, *keys, *values;
  /// The gradient to the outputs, [queries, value_width].
  const float *output_gradients;
  /// Of each query, as `attention_forward` wrote them.
  const float *largest, *sums;
  /// Of each query, the product of its output with the gradient to it.
  const float *mean_gradients;
} attention_backward_input;

/// The gradients that come through the keys `first_key ..< first_key + key_count` of a head.
///
/// Writes all of `query_gradients` [queries, key_width], and the rows of those keys, from the first of them on, of
/// `key_gradients` and `value_gradients`. `first_key` is a multiple of 128. `scratch` has room for
/// 128 · (key_width + value_width) numbers and is aligned to 64 bytes.
void attention_backward(attention_set set, const attention_head *head, const attention_backward_input *in,
                        size_t first_key, size_t key_count, float *query_gradients, float *key_gradients,
                        float *value_gradients, float *scratch);

// MARK: - Training

/// A step of gradient descent, its numbers rounded to binary32.
typedef struct {
  /// What the direction is multiplied by.
  float rate;
  /// What is kept of the velocity, and what of the gradient is added to it.
  float momentum, gradient_share;
  /// How much of a parameter is added to its gradient.
  float penalty;
  /// Whether the velocity is the gradient, as there was no step before.
  bool is_first;
  /// Whether the direction is gradient + momentum · velocity instead of the velocity.
  bool is_nesterov;
} attention_descent;

/// Moves `count` parameters against their gradients; `velocities` is null where there is no momentum.
void attention_descend(attention_set set, const attention_descent *step, const float *gradients, size_t count,
                       float *parameters, float *velocities);

/// A step of Adam, its numbers rounded to binary32.
typedef struct {
  /// What the direction is multiplied by: the learning rate by the correction of the mean.
  float rate;
  /// What parameters are multiplied by first, and how much of one is then added to its gradient.
  float kept, penalty;
  /// 1 − β₁; β₂; 1 − β₂.
  float mean_share, square_decay, square_share;
  /// What the root of the mean square is divided by, and what is added then.
  float square_correction, epsilon;
} attention_adam_step;

/// Moves `count` parameters, and the means of their gradients and of the squares of these.
void attention_adam(attention_set set, const attention_adam_step *step, const float *gradients, size_t count,
                    float *parameters, float *means, float *squares);

/// Writes the sum of the squares of `count` differences, each rounded to binary32: 16 sums in binary64 of every 16th,
/// then those added up in their order. Unless it is null, `gradients` gets the differences times `factor`.
void attention_squared_error(attention_set set, const float *outputs, const float *targets, size_t count,
                             float factor, float *gradients, double *total);

/// Adds `count` numbers to totals.
void attention_add_numbers(attention_set set, const float *numbers, size_t count, float *totals);

#endif
