import CStatistics

/// Vectors in single precision by the processor's widest instructions.
package enum FloatRows {
    /// The sum of x[i] · y[i].
    package static func dot(_ x: UnsafeBufferPointer<Float>, _ y: UnsafeBufferPointer<Float>) -> Float {
        precondition(x.count == y.count, "vectors of \(x.count) and \(y.count) numbers have no product")
        guard let x = x.baseAddress, let other = y.baseAddress else { return 0 }
        return cstatistics_dot(x, other, y.count)
    }

    /// The product of two rows, each of `rank` numbers, of two tables.
    package static func dot(_ x: [Float], _ row: Int, _ y: [Float], _ other: Int, rank: Int) -> Float {
        precondition((row + 1) * rank <= x.count && (other + 1) * rank <= y.count, "there is no such row")
        return x.withUnsafeBufferPointer { x in
            y.withUnsafeBufferPointer { y in
                dot(
                    UnsafeBufferPointer(rebasing: x[row * rank..<(row + 1) * rank]),
                    UnsafeBufferPointer(rebasing: y[other * rank..<(other + 1) * rank]))
            }
        }
    }

    /// Every row of a table times one vector.
    package static func products(_ table: [Float], rank: Int, with vector: [Float]) -> [Float] {
        precondition(vector.count == rank && rank > 0 && table.count % rank == 0, "the table has other rows")
        return table.withUnsafeBufferPointer { table in
            vector.withUnsafeBufferPointer { vector in
                (0..<table.count / rank).map { row in
                    dot(UnsafeBufferPointer(rebasing: table[row * rank..<(row + 1) * rank]), vector)
                }
            }
        }
    }
}
