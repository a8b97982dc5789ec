#ifndef CSTATISTICS_H
#define CSTATISTICS_H

#include <stddef.h>
#include <stdint.h>

/// Rows of a strip of the left operand of `cstatistics_subtract_product`.
#define CSTATISTICS_STRIP_ROWS 6
/// Rows of a strip of the right operand, which become columns of the result.
#define CSTATISTICS_STRIP_COLUMNS 16

/// c -= a · bᵀ for a block of `rows` × `columns` numbers, of which each row is `stride` after the one before.
///
/// `a` and `b` are packed: strips of 6 and of 16 rows, each strip as `depth` groups with a number of every row, the
/// last one filled up with zeros.
void cstatistics_subtract_product(
    float *c, size_t stride, size_t rows, size_t columns, const float *a, const float *b, size_t depth);

/// The sum of x[i] · y[i].
float cstatistics_dot(const float *x, const float *y, size_t count);

/// y += factor · x.
void cstatistics_add_scaled(float *y, float factor, const float *x, size_t count);

/// One row of implicit-feedback factorization (Hu, Koren and Volinsky, 2008), by `steps` of conjugate gradients from
/// the `x` that is given (Takács, Pilászy and Tikk, 2011).
///
/// Solves (gram + Σ weights[j] y_j y_jᵀ) x = Σ (1 + weights[j]) y_j, with y_j the row columns[j] of `factors`, rank
/// numbers each, and the regularization in the diagonal of `gram`. `scratch` has room for 3 · rank numbers.
void cstatistics_implicit_row(
    const float *gram, const float *factors, size_t rank, const uint32_t *columns, const float *weights, size_t count,
    size_t steps, float *x, float *scratch);

#endif
