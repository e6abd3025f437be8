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

void attention_pack_panels(attention_set set, const float *rows, size_t count, size_t width, size_t stride,
                           float *panels) {
  DISPATCH(set, pack_panels, rows, count, width, stride, panels);
}

void attention_multiply_panels(attention_set set, const float *rows, size_t rowCount, size_t width, size_t stride,
                               const float *panels, size_t columns, float *output, size_t rowStride,
                               size_t vectorStride) {
  DISPATCH(set, multiply_panels, rows, rowCount, width, stride, panels, columns, output, rowStride, vectorStride);
}

void attention_sort_columns(attention_set set, float *block, size_t keys) {
  DISPATCH(set, sort_columns, block, keys);
}

void attention_move_largest_first(attention_set set, float *block, size_t keys, float *smallest) {
  DISPATCH(set, move_largest_first, block, keys, smallest);
}

void attention_column_moments(attention_set set, const float *block, size_t keys, double *moments, size_t stride) {
  DISPATCH(set, column_moments, block, keys, moments, stride);
}

void attention_row_statistics(attention_set set, const float *block, size_t keys, const float *smallest,
                              double divisor, float *exponentials, double *measures, size_t stride) {
  DISPATCH(set, row_statistics, block, keys, smallest, divisor, exponentials, measures, stride);
}

void attention_row_masses(attention_set set, const float *exponentials, size_t keys, const size_t *counts,
                          size_t countsCount, const double *shares, size_t sharesCount, double *results,
                          size_t stride) {
  DISPATCH(set, row_masses, exponentials, keys, counts, countsCount, shares, sharesCount, results, stride);
}

void attention_moments(attention_set set, const double *values, size_t count, double *moments) {
  DISPATCH(set, moments, values, count, moments);
}

void attention_softmax_rows(attention_set set, const float *logits, size_t rows, size_t keys, size_t stride,
                            double divisor, float *weights, size_t weightsStride, float *scratch) {
  DISPATCH(set, softmax_rows, logits, rows, keys, stride, divisor, weights, weightsStride, scratch);
}

void attention_softmax_backward(attention_set set, const float *weights, const float *weightGradients,
                                size_t rows, size_t keys, size_t stride, double divisor, float *logitGradients) {
  DISPATCH(set, softmax_backward, weights, weightGradients, rows, keys, stride, divisor, logitGradients);
}

void attention_round_numbers(attention_set set, attention_format format, const float *input, float *output,
                             size_t count) {
  DISPATCH(set, round_numbers, format, input, output, count);
}

void attention_rounded_softmax(attention_set set, attention_format format, bool isShifted, bool roundsSums,
                               const float *logits, size_t rows, size_t keys, float *weights) {
  DISPATCH(set, rounded_softmax, format, isShifted, roundsSums, logits, rows, keys, weights);
}

void attention_weight_errors(attention_set set, const float *weights, const double *reference, size_t rows,
                             size_t keys, double *measures) {
  DISPATCH(set, weight_errors, weights, reference, rows, keys, measures);
}

void attention_multiply(attention_set set, const attention_product *product) {
  DISPATCH(set, multiply, product);
}

void attention_transpose(attention_set set, const float *rows, size_t count, size_t width, float *target) {
  DISPATCH(set, transpose_matrix, rows, count, width, target);
}

void attention_count_finite(attention_set set, const float *values, size_t count, size_t *finite) {
  DISPATCH(set, count_finite, values, count, finite);
}

void attention_pack_keys(attention_set set, const float *keys, size_t count, size_t width, float *packed) {
  DISPATCH(set, pack_keys, keys, count, width, packed);
}

void attention_forward(attention_set set, const attention_head *head, const float *queries,
                       const float *packed_keys, const float *values, size_t first_query, size_t count,
                       float *outputs, float *largest, float *sums) {
  DISPATCH(set, forward, head, queries, packed_keys, values, first_query, count, outputs, largest, sums);
}

void attention_multiply_rows(attention_set set, const float *left, const float *right, size_t rows,
                             size_t width, float *sums) {
  DISPATCH(set, multiply_rows, left, right, rows, width, sums);
}

void attention_backward(attention_set set, const attention_head *head, const attention_backward_input *in,
                        size_t first_key, size_t key_count, float *query_gradients, float *key_gradients,
                        float *value_gradients, float *scratch) {
  DISPATCH(
      set, backward, head, in, first_key, key_count, query_gradients, key_gradients, value_gradients, scratch);
}

void attention_descend(attention_set set, const attention_descent *step, const float *gradients, size_t count,
                       float *parameters, float *velocities) {
  DISPATCH(set, descend, step, gradients, count, parameters, velocities);
}

void attention_adam(attention_set set, const attention_adam_step *step, const float *gradients, size_t count,
                    float *parameters, float *means, float *squares) {
  DISPATCH(set, adam, step, gradients, count, parameters, means, squares);
}

void attention_squared_error(attention_set set, const float *outputs, const float *targets, size_t count,
                             float factor, float *gradients, double *total) {
  DISPATCH(set, squared_error, outputs, targets, count, factor, gradients, total);
}

void attention_add_numbers(attention_set set, const float *numbers, size_t count, float *totals) {
  DISPATCH(set, add_numbers, numbers, count, totals);
}
