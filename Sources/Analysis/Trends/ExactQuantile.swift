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

    /// The quantile of some finite values, which it may reorder; nil when there are none.
    ///
    /// - Complexity: O(count) expected, O(count log count) at worst.
    package static func select(_ quantile: Double, from values: inout [Double]) -> Double? {
        values.count < manyValues ? Quantile.of(&values, quantile) : selectFromMany(quantile, values)
    }

    private static let manyValues = 2_048
    /// The same where a pass over the values costs less.
    private static let manyIntegers = 128
    private static let buckets = 1_024

    /// Leaves only the values near the ranks, until there are few.
    private static func selectFromMany(_ quantile: Double, _ values: [Double]) -> Double? {
        var (lower, upper, fraction) = ranks(quantile, of: values.count)
        var near = values
        while near.count >= manyValues, let closer = narrow(near, lower, upper), closer.values.count < near.count {
            near = closer.values
            lower -= closer.before
            upper -= closer.before
        }
        near.sort()
        return interpolate(near[lower], near[upper], fraction)
    }

    /// The values of the buckets of equal width that hold two ranks, and how many lie before: three passes without a
    /// branch that depends on a value. Nil for values that cannot be cut so.
    private static func narrow(_ values: [Double], _ lower: Int, _ upper: Int) -> (values: [Double], before: Int)? {
        guard var least = values.first else { return nil }
        var greatest = least
        for value in values {
            least = value < least ? value : least
            greatest = value > greatest ? value : greatest
        }
        let scale = Double(buckets - 1) / (greatest - least)
        guard scale.isFinite, scale > 0 else { return nil }
        func bucket(_ value: Double) -> Int { Int((value - least) * scale) }
        var counts = [Int](repeating: 0, count: buckets + 1)
        for value in values { counts[bucket(value)] += 1 }
        let places = places(counts, lower, upper)
        var near: [Double] = []
        near.reserveCapacity(places.count)
        for value in values where places.first...places.last ~= bucket(value) { near.append(value) }
        return (near, places.before)
    }

    /// The quantile of whole numbers in several arrays; nil when there are none.
    ///
    /// The numbers lie within 2^62 of each other.
    ///
    /// - Complexity: O(count) expected, without a copy of the values.
    package static func select(_ quantile: Double, from parts: [UnsafeBufferPointer<Int64>]) -> Double? {
        let count = parts.reduce(0) { $0 + $1.count }
        if count == 0 { return nil }
        var (lower, upper, fraction) = ranks(quantile, of: count)
        var range = extremes(parts)
        // The values near the ranks, once they are fewer than all.
        var kept: [Int64] = []
        var left = count
        while left >= manyIntegers, range.lowerBound < range.upperBound {
            let closer =
                left == count
                ? narrow(parts, range, lower, upper)
                : kept.withUnsafeBufferPointer { narrow([$0], range, lower, upper) }
            // Two ranks far apart with nothing between them leave everything.
            if closer.range == range { break }
            (kept, range) = (closer.values, closer.range)
            left = kept.count
            lower -= closer.before
            upper -= closer.before
        }
        let sorted = left == count ? parts.flatMap(\.self).sorted() : kept.sorted()
        return interpolate(Double(sorted[lower]), Double(sorted[upper]), fraction)
    }

    private static func extremes(_ parts: [UnsafeBufferPointer<Int64>]) -> ClosedRange<Int64> {
        var (least, greatest) = (Int64.max, Int64.min)
        for part in parts {
            for value in part {
                least = value < least ? value : least
                greatest = value > greatest ? value : greatest
            }
        }
        return least...greatest
    }

    /// The values of the buckets that hold two ranks, how many lie before, and between which numbers they are.
    private static func narrow(
        _ parts: [UnsafeBufferPointer<Int64>], _ range: ClosedRange<Int64>, _ lower: Int, _ upper: Int
    ) -> (values: [Int64], before: Int, range: ClosedRange<Int64>) {
        let least = range.lowerBound
        let span = UInt64(bitPattern: range.upperBound &- least)
        let bits = UInt64(64 - span.leadingZeroBitCount)
        let shift = bits > 10 ? bits - 10 : 0
        var counts = [Int](repeating: 0, count: buckets)
        counts.withUnsafeMutableBufferPointer { counts in
            for part in parts {
                for value in part { counts[Int(UInt64(bitPattern: value &- least) &>> shift)] &+= 1 }
            }
        }
        let places = places(counts, lower, upper)
        let first = least + Int64(places.first) << Int64(shift)
        let end = min(range.upperBound, least + (Int64(places.last) + 1) << Int64(shift) - 1)
        let width = UInt64(bitPattern: end &- first)
        let near = [Int64](unsafeUninitializedCapacity: places.count + 1) { near, count in
            for part in parts {
                for value in part {
                    // Written in any case, and kept when it is near.
                    near[count] = value
                    count &+= UInt64(bitPattern: value &- first) <= width ? 1 : 0
                }
            }
        }
        return (near, places.before, first...end)
    }

    /// The buckets that hold two ranks: the first, the last, how many values lie before and in them.
    private static func places(
        _ counts: [Int], _ lower: Int, _ upper: Int
    ) -> (first: Int, last: Int, before: Int, count: Int) {
        var first = 0
        var before = 0
        while before + counts[first] <= lower {
            before += counts[first]
            first += 1
        }
        var last = first
        var through = before + counts[first]
        while through <= upper {
            last += 1
            through += counts[last]
        }
        return (first, last, before, through - before)
    }
}
