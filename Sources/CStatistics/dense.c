// Dense kernels in single precision. Each is written once over vectors of 16 numbers and compiled for the processors
// that matter; which one runs is decided at run time, so a program that was built elsewhere uses what is there.
#include "cstatistics.h"

#define ROWS CSTATISTICS_STRIP_ROWS
#define COLUMNS CSTATISTICS_STRIP_COLUMNS

// As wide as a strip: two registers with AVX2, four with SSE or NEON.
typedef float strip __attribute__((vector_size(4 * COLUMNS)));
// The same wherever it lies in memory.
typedef float strip_anywhere __attribute__((vector_size(4 * COLUMNS), aligned(4), may_alias));
#define AT(pointer) (*(strip_anywhere *)(pointer))
#define INLINE static inline __attribute__((always_inline))

// 6 × 16 sums stay in registers while the strips stream by: 12 of AVX2's 16, enough to hide the latency of its
// multiply-add.
INLINE void tile(float *c, size_t stride, size_t rows, size_t columns, const float *a, const float *b, size_t depth) {
    strip sums[ROWS] = {0};
    for (size_t k = 0; k < depth; k++) {
        const strip right = AT(b + k * COLUMNS);
        for (int row = 0; row < ROWS; row++) sums[row] += right * a[k * ROWS + row];
    }
    for (size_t row = 0; row < rows; row++) {
        float *target = c + row * stride;
        if (columns == COLUMNS) {
            AT(target) -= sums[row];
        } else {
            for (size_t column = 0; column < columns; column++) target[column] -= sums[row][column];
        }
    }
}

INLINE void subtract_product(
    float *c, size_t stride, size_t rows, size_t columns, const float *a, const float *b, size_t depth) {
    // A strip of `b` stays in the first-level cache while all of `a` passes.
    for (size_t column = 0; column < columns; column += COLUMNS) {
        const size_t width = columns - column < COLUMNS ? columns - column : COLUMNS;
        for (size_t row = 0; row < rows; row += ROWS) {
            const size_t height = rows - row < ROWS ? rows - row : ROWS;
            tile(c + row * stride + column, stride, height, width, a + row * depth, b + column * depth, depth);
        }
    }
}

INLINE float dot(const float *x, const float *y, size_t count) {
    strip sums = {0};
    size_t i = 0;
    for (; i + COLUMNS <= count; i += COLUMNS) sums += AT(x + i) * AT(y + i);
    float sum = 0;
    for (int lane = 0; lane < COLUMNS; lane++) sum += sums[lane];
    for (; i < count; i++) sum += x[i] * y[i];
    return sum;
}

INLINE void add_scaled(float *y, float factor, const float *x, size_t count) {
    size_t i = 0;
    for (; i + COLUMNS <= count; i += COLUMNS) AT(y + i) += AT(x + i) * factor;
    for (; i < count; i++) y[i] += factor * x[i];
}

// out = (gram + Σ weights y yᵀ) x, without ever making the matrix.
INLINE void implicit_product(
    const float *gram, const float *factors, size_t rank, const uint32_t *columns, const float *weights, size_t count,
    const float *x, float *out) {
    for (size_t i = 0; i < rank; i++) out[i] = 0;
    for (size_t i = 0; i < rank; i++) add_scaled(out, x[i], gram + i * rank, rank);
    for (size_t j = 0; j < count; j++) {
        const float *y = factors + (size_t)columns[j] * rank;
        add_scaled(out, weights[j] * dot(y, x, rank), y, rank);
    }
}

INLINE void implicit_row(
    const float *gram, const float *factors, size_t rank, const uint32_t *columns, const float *weights, size_t count,
    size_t steps, float *x, float *scratch) {
    float *residual = scratch, *direction = scratch + rank, *product = scratch + 2 * rank;
    implicit_product(gram, factors, rank, columns, weights, count, x, product);
    for (size_t i = 0; i < rank; i++) residual[i] = -product[i];
    for (size_t j = 0; j < count; j++) {
        add_scaled(residual, 1 + weights[j], factors + (size_t)columns[j] * rank, rank);
    }
    for (size_t i = 0; i < rank; i++) direction[i] = residual[i];
    float square = dot(residual, residual, rank);
    for (size_t step = 0; step < steps && square > 1e-20f; step++) {
        implicit_product(gram, factors, rank, columns, weights, count, direction, product);
        const float length = square / dot(direction, product, rank);
        add_scaled(x, length, direction, rank);
        add_scaled(residual, -length, product, rank);
        const float next = dot(residual, residual, rank);
        for (size_t i = 0; i < rank; i++) direction[i] = residual[i] + next / square * direction[i];
        square = next;
    }
}

#if defined(__x86_64__)
#define FAST __attribute__((target("avx2,fma")))

FAST static void subtract_product_fast(
    float *c, size_t stride, size_t rows, size_t columns, const float *a, const float *b, size_t depth) {
    subtract_product(c, stride, rows, columns, a, b, depth);
}
FAST static float dot_fast(const float *x, const float *y, size_t count) { return dot(x, y, count); }
FAST static void add_scaled_fast(float *y, float factor, const float *x, size_t count) {
    add_scaled(y, factor, x, count);
}
FAST static void implicit_row_fast(
    const float *gram, const float *factors, size_t rank, const uint32_t *columns, const float *weights, size_t count,
    size_t steps, float *x, float *scratch) {
    implicit_row(gram, factors, rank, columns, weights, count, steps, x, scratch);
}

static int is_fast(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
#define DISPATCH(name, ...) \
    if (is_fast()) return name##_fast(__VA_ARGS__)
#else
#define DISPATCH(name, ...)
#endif

void cstatistics_subtract_product(
    float *c, size_t stride, size_t rows, size_t columns, const float *a, const float *b, size_t depth) {
    DISPATCH(subtract_product, c, stride, rows, columns, a, b, depth);
    subtract_product(c, stride, rows, columns, a, b, depth);
}

float cstatistics_dot(const float *x, const float *y, size_t count) {
    DISPATCH(dot, x, y, count);
    return dot(x, y, count);
}

void cstatistics_add_scaled(float *y, float factor, const float *x, size_t count) {
    DISPATCH(add_scaled, y, factor, x, count);
    add_scaled(y, factor, x, count);
}

void cstatistics_implicit_row(
    const float *gram, const float *factors, size_t rank, const uint32_t *columns, const float *weights, size_t count,
    size_t steps, float *x, float *scratch) {
    DISPATCH(implicit_row, gram, factors, rank, columns, weights, count, steps, x, scratch);
    implicit_row(gram, factors, rank, columns, weights, count, steps, x, scratch);
}
