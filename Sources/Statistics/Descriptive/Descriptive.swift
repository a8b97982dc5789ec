/// Mean and variance of a stream of numbers, in one pass and without cancellation (Welford, 1962); two parts of a
/// stream can be combined (Chan, Golub and LeVeque, 1979).
package struct Moments: Sendable, Hashable {
    package private(set) var count = 0
    package private(set) var mean = 0.0
    /// The sum of squared deviations from the mean.
    private var squares = 0.0
    package private(set) var minimum = Double.infinity
    package private(set) var maximum = -Double.infinity

    package init() {}

    package init(_ values: some Sequence<Double>) {
        for value in values { add(value) }
    }

    @inline(__always)
    package mutating func add(_ value: Double) {
        count += 1
        let difference = value - mean
        mean += difference / Double(count)
        squares += difference * (value - mean)
        minimum = min(minimum, value)
        maximum = max(maximum, value)
    }

    package mutating func combine(_ other: Moments) {
        if other.count == 0 { return }
        if count == 0 {
            self = other
            return
        }
        let difference = other.mean - mean
        let total = Double(count + other.count)
        mean += difference * Double(other.count) / total
        squares += other.squares + difference * difference * Double(count) * Double(other.count) / total
        count += other.count
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
    }

    package var sum: Double { mean * Double(count) }
    /// The sample variance, divided by count - 1; nil for fewer than two values.
    package var variance: Double? { count > 1 ? squares / Double(count - 1) : nil }
    /// The variance of the whole population, divided by count; nil without values.
    package var populationVariance: Double? { count > 0 ? squares / Double(count) : nil }
    package var standardDeviation: Double? { variance?.squareRoot() }
    package var standardError: Double? { variance.map { ($0 / Double(count)).squareRoot() } }
}

/// Exact quantiles: definition 7 of Hyndman and Fan (1996), the default of R, NumPy and spreadsheets. The quantile `q`
/// of n sorted values lies at position (n - 1) * q, linearly between its neighbours.
package enum Quantile {
    /// - Parameter sorted: ascending, without NaN.
    /// - Returns: nil without values.
    package static func ofSorted(_ sorted: some RandomAccessCollection<Double>, _ q: Double) -> Double? {
        precondition(q >= 0 && q <= 1, "a quantile lies from 0 to 1, not \(q)")
        guard let last = sorted.last else { return nil }
        let position = Double(sorted.count - 1) * q
        let below = Int(position)
        let low = sorted[sorted.index(sorted.startIndex, offsetBy: below)]
        if below + 1 >= sorted.count { return last }
        let high = sorted[sorted.index(sorted.startIndex, offsetBy: below + 1)]
        let fraction = position - Double(below)
        // An infinite neighbour that gets no weight must not turn the result into NaN.
        return fraction == 0 || low == high ? low : low + (high - low) * fraction
    }

    /// Selects instead of sorting; reorders `values`.
    ///
    /// - Complexity: O(n) on average.
    package static func of(_ values: inout [Double], _ q: Double) -> Double? {
        precondition(q >= 0 && q <= 1, "a quantile lies from 0 to 1, not \(q)")
        if values.isEmpty { return nil }
        let position = Double(values.count - 1) * q
        let below = Int(position)
        let low = select(&values, below)
        let fraction = position - Double(below)
        guard fraction > 0, let high = values[(below + 1)...].min() else { return low }
        return low == high ? low : low + (high - low) * fraction
    }

    package static func median(_ values: inout [Double]) -> Double? { of(&values, 0.5) }

    /// Moves the `rank`-th smallest value to its place, smaller ones before it and larger ones after (Hoare, 1961), and
    /// returns it. The pivot is the median of three; when the halves stay lopsided the rest is sorted, so no input is
    /// quadratic.
    private static func select(_ values: inout [Double], _ rank: Int) -> Double {
        var low = 0
        var high = values.count - 1
        var patience = 2 * (Int.bitWidth - values.count.leadingZeroBitCount)
        while high - low > 16 {
            if patience == 0 { break }
            patience -= 1
            let middle = low + (high - low) / 2
            let (a, b, c) = (values[low], values[middle], values[high])
            let pivot = max(min(a, b), min(max(a, b), c))
            var i = low
            var j = high
            while i <= j {
                while values[i] < pivot { i += 1 }
                while values[j] > pivot { j -= 1 }
                if i <= j {
                    values.swapAt(i, j)
                    i += 1
                    j -= 1
                }
            }
            if rank <= j {
                high = j
            } else if rank >= i {
                low = i
            } else {
                return values[rank]
            }
        }
        values[low...high].sort()
        return values[rank]
    }
}
