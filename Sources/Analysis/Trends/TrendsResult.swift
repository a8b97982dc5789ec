/// The answer to a trends query: series of points, one for each interval.
package struct TrendsResult: Sendable, Hashable, Codable {
    package struct Series: Sendable, Hashable, Codable {
        /// The letter of the series, or the formula.
        package var name: String
        package var label: String
        /// The value of the breakdown.
        package var breakdown: BreakdownValue?
        /// Null where there is nothing to measure: the mean of no values, a division by zero.
        package var points: [Double?]
        /// The same measure over the whole range at once: different people of the range, not the sum of the days'. For
        /// `weekly_active` and `monthly_active` the last point.
        package var total: Double?
        package var previous: Previous?
    }

    /// The same series over the range before, aligned by index: padded with null or cut to as many points.
    package struct Previous: Sendable, Hashable, Codable {
        package var points: [Double?]
        package var total: Double?
    }

    package var labels: [String]
    /// Whether the range cuts the first or the last interval short.
    package var partialFirst: Bool
    package var partialLast: Bool
    package var series: [Series]
    /// The labels of the range before.
    package var previousLabels: [String]?
    /// The people behind the point that was asked about: before formulas, smoothing and running sums.
    package var people: PeopleList?
}
