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
  void attention_multiply_add_chains_##suffix(size_t operations, float *total);                              \
  void attention_pack_panels_##suffix(const float *rows, size_t count, size_t width, size_t stride,          \
                                      float *panels);                                                        \
  void attention_multiply_panels_##suffix(const float *rows, size_t rowCount, size_t width, size_t stride,   \
                                          const float *panels, size_t columns, float *output,                \
                                          size_t rowStride, size_t vectorStride);                            \
  void attention_sort_columns_##suffix(float *block, size_t keys);                                           \
  void attention_move_largest_first_##suffix(float *block, size_t keys, float *smallest);                    \
  void attention_column_moments_##suffix(const float *block, size_t keys, double *moments, size_t stride);   \
  void attention_row_statistics_##suffix(const float *block, size_t keys, const float *smallest,             \
                                         double divisor, float *exponentials, double *measures,              \
                                         size_t stride);                                                     \
  void attention_row_masses_##suffix(const float *exponentials, size_t keys, const size_t *counts,           \
                                     size_t countsCount, const double *shares, size_t sharesCount,           \
                                     double *results, size_t stride);                                        \
  void attention_moments_##suffix(const double *values, size_t count, double *moments);                      \
  void attention_softmax_rows_##suffix(const float *logits, size_t rows, size_t keys, size_t stride,         \
                                       double divisor, float *weights, size_t weightsStride, float *scratch);\
  void attention_softmax_backward_##suffix(const float *weights, const float *weightGradients, size_t rows,  \
                                           size_t keys, size_t stride, double divisor,                       \
                                           float *logitGradients);                                           \
  void attention_round_numbers_##suffix(attention_format format, const float *input, float *output,          \
                                        size_t count);                                                       \
  void attention_rounded_softmax_##suffix(attention_format format, bool isShifted, bool roundsSums,          \
                                          const float *logits, size_t rows, size_t keys,                     \
                                          float *weights);                                                   \
  void attention_weight_errors_##suffix(const float *weights, const double *reference, size_t rows,          \
                                        size_t keys, double *measures);                                           \
  void attention_multiply_##suffix(const attention_product *product);                                        \
  void attention_transpose_matrix_##suffix(const float *rows, size_t count, size_t width, float *target);    \
  void attention_count_finite_##suffix(const float *values, size_t count, size_t *finite);                   \
  void attention_pack_keys_##suffix(const float *keys, size_t count, size_t width, float *packed);           \
  void attention_forward_##suffix(const attention_head *head, const float *queries,                          \
                                  const float *packed_keys, const float *values, size_t first_query,         \
                                  size_t count, float *outputs, float *largest, float *sums);                \
  void attention_multiply_rows_##suffix(const float *left, const float *right, size_t rows, size_t width,    \
                                        float *sums);                                                        \
  void attention_backward_##suffix(const attention_head *head, const attention_backward_input *in,           \
                                   size_t first_key, size_t key_count, float *query_gradients,               \
                                   float *key_gradients, float *value_gradients, float *scratch);            \
  void attention_descend_##suffix(const attention_descent *step, const float *gradients, size_t count,       \
                                  float *parameters, float *velocities);                                     \
  void attention_adam_##suffix(const attention_adam_step *step, const float *gradients, size_t count,        \
                               float *parameters, float *means, float *squares);                             \
  void attention_squared_error_##suffix(const float *outputs, const float *targets, size_t count,            \
                                        float factor, float *gradients, double *total);                      \
  void attention_add_numbers_##suffix(const float *numbers, size_t count, float *totals);

ATTENTION_DECLARE_KERNELS(baseline)

#if defined(__x86_64__)
ATTENTION_DECLARE_KERNELS(avx2)
ATTENTION_DECLARE_KERNELS(avx512)
#endif

#endif
