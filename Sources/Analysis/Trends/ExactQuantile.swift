/// Quantiles by linear interpolation between the closest ranks: of n sorted values, the quantile q lies at rank
/// q (n - 1), counted from 0 (type 7 of Hyndman and Fan, 1996; what NumPy, Excel's PERCENTILE and DuckDB's
/// quantile_cont compute). The median of an even number of values is the mean of the middle two.
package enum ExactQuantile {
    /// The two ranks between which the quantile lies, and how far from the first to the second.
    package static func ranks(_ quantile: Double, of count: Int) -> (lower: Int, upper: Int, fraction: Double) {
        precondition(count > 0 && quantile >= 0 && quantile <= 1, "a quantile of values lies between 0 and 1")
        let place = quantile * Double(count - 1)
        let lower = min(Int(place), count - 1)
        return (lower, min(lower + 1, count - 1), place - Double(lower))
    }

    package static func interpolate(_ lower: Double, _ upper: Double, _ fraction: Double) -> Double {
        fraction == 0 || lower == upper ? lower : lower + (upper - lower) * fraction
    }

    /// The quantile of some finite values, which it reorders; nil when there are none.
    ///
    /// - Complexity: O(count) expected.
    package static func select(_ quantile: Double, from values: inout [Double]) -> Double? {
        if values.isEmpty { return nil }
        let place = ranks(quantile, of: values.count)
        return values.withUnsafeMutableBufferPointer { buffer in
            let lower = selectRank(place.lower, in: buffer)
            if place.fraction == 0 { return lower }
            // Everything beyond the chosen rank is at least as large: the next rank is the least of it.
            var upper = buffer[place.upper]
            for index in place.upper..<buffer.count where buffer[index] < upper { upper = buffer[index] }
            return interpolate(lower, upper, place.fraction)
        }
    }

    /// Hoare's selection with the median of three as pivot: afterwards everything before `rank` is not larger and
    /// everything after not smaller than the value there.
    private static func selectRank(_ rank: Int, in values: UnsafeMutableBufferPointer<Double>) -> Double {
        var low = 0
        var high = values.count - 1
        while low < high {
            let pivot = medianOfThree(values[low], values[low + (high - low) / 2], values[high])
            var left = low
            var right = high
            while left <= right {
                while values[left] < pivot { left += 1 }
                while values[right] > pivot { right -= 1 }
                if left <= right {
                    values.swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if rank <= right {
                high = right
            } else if rank >= left {
                low = left
            } else {
                break
            }
        }
        return values[rank]
    }

    private static func medianOfThree(_ a: Double, _ b: Double, _ c: Double) -> Double {
        max(min(a, b), min(max(a, b), c))
    }
}
