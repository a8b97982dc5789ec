/// Scores of one model that do not depend on the person, with their sums, so that they are brought to mean 0 and
/// deviation 1 without looking at all items again.
struct StaticScores: Sendable {
    let values: [Float]
    private let sum: Double
    private let squares: Double

    /// - Complexity: O(items)
    init(_ values: [Float]) {
        self.values = values
        var (sum, squares) = (0.0, 0.0)
        for value in values {
            sum += Double(value)
            squares += Double(value) * Double(value)
        }
        self.sum = sum
        self.squares = squares
    }

    /// - Complexity: O(excluded)
    func standard(excluding excluded: Set<Int>) -> StandardScale? {
        var (sum, squares) = (sum, squares)
        for item in excluded where item < values.count {
            sum -= Double(values[item])
            squares -= Double(values[item]) * Double(values[item])
        }
        return StandardScale(sum: sum, squares: squares, count: values.count - excluded.count)
    }
}

/// Brings scores to mean 0 and deviation 1: the same as `Blend.standardized`.
struct StandardScale: Sendable, Hashable {
    let mean: Double
    let inverseDeviation: Double

    /// - Returns: nil when all scores are alike.
    init?(sum: Double, squares: Double, count: Int) {
        guard count > 1 else { return nil }
        mean = sum / Double(count)
        let variance = squares / Double(count) - mean * mean
        // Rounding leaves a little where nothing is.
        guard variance > 1e-12 * max(1, mean * mean) else { return nil }
        inverseDeviation = 1 / variance.squareRoot()
    }

    @inline(__always)
    func value(_ score: Float) -> Float { Float((Double(score) - mean) * inverseDeviation) }
}
