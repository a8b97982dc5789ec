import CStatistics

/// One side of a factorization for implicit feedback: solves rows of the other side while this one stands still (Hu,
/// Koren and Volinsky, 2008, "Collaborative filtering for implicit feedback datasets").
package struct ImplicitRows: Sendable {
    /// Numbers in a row.
    package let rank: Int
    /// The side that stands still, row after row.
    package let factors: [Float]
    /// factorsᵀ factors, with the regularization in its diagonal.
    private let gram: [Float]
    private let regularization: Float

    /// - Complexity: O(rows × rank²)
    package init(factors: [Float], rank: Int, regularization: Float) {
        precondition(rank > 0 && factors.count % rank == 0, "factors are not rows of \(rank)")
        self.rank = rank
        self.factors = factors
        self.regularization = regularization
        gram = Self.gram(factors, rank, regularization)
    }

    /// The sum over all rows of the squares of their products with a vector.
    ///
    /// - Complexity: O(rank²)
    package func squares(with vector: [Float]) -> Double {
        precondition(vector.count == rank, "a vector of \(vector.count) numbers does not fit rows of \(rank)")
        var sum = 0.0
        for row in 0..<rank {
            var product = 0.0
            for column in 0..<rank { product += Double(gram[row * rank + column]) * Double(vector[column]) }
            sum += Double(vector[row]) * (product - Double(regularization) * Double(vector[row]))
        }
        return max(0, sum)
    }

    /// Improves the row `x` towards the one that explains these observations best.
    ///
    /// - Parameters:
    ///   - columns: rows of `factors`.
    ///   - weights: how much more than nothing each observation is trusted: c - 1 of the paper.
    ///   - steps: of conjugate gradients; three are enough when `x` comes from the round before.
    /// - Complexity: O(steps × (columns × rank + rank²))
    package func solve(
        columns: UnsafeBufferPointer<UInt32>, weights: UnsafeBufferPointer<Float>, steps: Int,
        into x: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(columns.count == weights.count && x.count == rank, "columns, weights and row do not fit")
        precondition(columns.allSatisfy { Int($0) < factors.count / rank }, "a column is beyond the factors")
        guard let target = x.baseAddress else { return }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * rank) { scratch in
            factors.withUnsafeBufferPointer { factors in
                gram.withUnsafeBufferPointer { gram in
                    cstatistics_implicit_row(
                        gram.baseAddress, factors.baseAddress, rank, columns.baseAddress, weights.baseAddress,
                        columns.count, steps, target, scratch.baseAddress)
                }
            }
        }
    }

    private static func gram(_ factors: [Float], _ rank: Int, _ regularization: Float) -> [Float] {
        var gram = [Float](repeating: 0, count: rank * rank)
        gram.withUnsafeMutableBufferPointer { gram in
            factors.withUnsafeBufferPointer { factors in
                guard let gram = gram.baseAddress, let base = factors.baseAddress else { return }
                for start in stride(from: 0, to: factors.count, by: rank) {
                    for i in 0..<rank {
                        cstatistics_add_scaled(gram + i * rank, base[start + i], base + start, rank)
                    }
                }
            }
        }
        for i in 0..<rank { gram[i * rank + i] += regularization }
        return gram
    }
}
