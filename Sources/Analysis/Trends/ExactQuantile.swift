import Statistics

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
    /// - Complexity: O(count) expected, O(count log count) at worst.
    package static func select(_ quantile: Double, from values: inout [Double]) -> Double? {
        Quantile.of(&values, quantile)
    }
}
