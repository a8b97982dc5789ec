package import Statistics

/// Rows of factors, one for each item. A person's row is folded in when it is asked for, so that what they did a moment
/// ago counts.
package struct ItemFactors: Sendable {
    package let rows: ImplicitRows
    package let regularization: Float
    package let confidence: Float

    package var rank: Int { rows.rank }
    package var itemCount: Int { rows.factors.count / rank }

    package init(factors: [Float], rank: Int, regularization: Float, confidence: Float) {
        self.regularization = regularization
        self.confidence = confidence
        rows = ImplicitRows(factors: factors, rank: rank, regularization: regularization)
    }

    /// Enough for a row from nothing: the matrix is near the identity but for a few directions.
    private static let foldInSteps = 10

    /// A person's row.
    ///
    /// - Complexity: O(steps × (entries × rank + rank²))
    package func person(_ history: History, weights: [Float]) -> [Float] {
        var row = [Float](repeating: 0, count: rank)
        var columns: [UInt32] = []
        var trust: [Float] = []
        for (entry, weight) in zip(history.entries, weights) where entry.item < itemCount {
            columns.append(UInt32(entry.item))
            trust.append(confidence * weight)
        }
        columns.withUnsafeBufferPointer { columns in
            trust.withUnsafeBufferPointer { trust in
                row.withUnsafeMutableBufferPointer {
                    rows.solve(columns: columns, weights: trust, steps: Self.foldInSteps, into: $0)
                }
            }
        }
        return row
    }

    package func scores(person row: [Float]) -> [Float] { FloatRows.products(rows.factors, rank: rank, with: row) }
}
