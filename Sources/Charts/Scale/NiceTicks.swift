/// Round numbers for an axis: multiples of 1, 2, 2.5 or 5 times a power of ten that cover a range.
package struct NiceTicks: Sendable, Hashable {
    package let values: [Double]
    package var low: Double { values.first ?? 0 }
    package var high: Double { values.last ?? 1 }

    /// Covers `low ... high` with about `count` intervals. A range of zero width is widened, so there are always two
    /// ticks or more.
    ///
    /// - Parameter whole: only multiples of 1, for counts.
    package init(covering low: Double, _ high: Double, count: Int = 5, whole: Bool = false) {
        var (low, high) = (min(low, high), max(low, high))
        if !low.isFinite || !high.isFinite { (low, high) = (0, 1) }
        // Beyond this, differences of doubles are no longer exact enough for round steps.
        (low, high) = (max(low, -1e300), min(high, 1e300))
        if high - low <= abs(high) * 1e-12 {
            let spread = max(abs(high) * 0.5, whole ? 1 : abs(high) > 0 ? abs(high) * 0.1 : 1)
            if low == 0 {
                high = spread
            } else if low > 0 {
                low = max(0, low - spread)
                high += spread
            } else {
                low -= spread
                high = min(0, high + spread)
            }
        }
        var step = Self.step(high - low, count)
        // A count has no halves.
        if whole { step = step < 1 ? 1 : step == 2.5 ? 2 : step }
        let first = (low / step + 1e-9).rounded(.down)
        let last = (high / step - 1e-9).rounded(.up)
        values = stride(from: first, through: max(last, first + 1), by: 1).map { index in
            // Dividing by the whole reciprocal keeps 0.3 from becoming 0.30000000000000004.
            step >= 1 ? index * step : index / (1 / step).rounded()
        }
    }

    /// Multiples of a given step.
    init(multiplesOf step: Double, covering low: Double, _ high: Double) {
        let first = (low / step + 1e-9).rounded(.down)
        let last = max((high / step - 1e-9).rounded(.up), first + 1)
        values = stride(from: first, through: last, by: 1).map { $0 * step }
    }

    private init(values: [Double]) {
        self.values = values
    }

    func scaled(by factor: Double) -> NiceTicks { NiceTicks(values: values.map { $0 * factor }) }

    private static func step(_ range: Double, _ count: Int) -> Double {
        let rough = range / Double(max(1, count))
        var power = 1.0
        while power * 10 <= rough { power *= 10 }
        while power > rough { power /= 10 }
        let lead = rough / power
        return power * (lead <= 1.0001 ? 1 : lead <= 2.0001 ? 2 : lead <= 2.5001 ? 2.5 : lead <= 5.0001 ? 5 : 10)
    }
}

/// Maps a range of values to a range of positions.
struct LinearScale {
    var low: Double
    var high: Double
    var start: Double
    var end: Double

    func callAsFunction(_ value: Double) -> Double {
        high == low ? (start + end) / 2 : start + (value - low) / (high - low) * (end - start)
    }
}
