package import Statistics

/// A figure with its interval, as JSON.
package struct IntervalView: Codable, Sendable, Hashable {
    package var estimate: Double
    package var low: Double
    package var high: Double

    package init(_ interval: Interval) {
        estimate = interval.estimate
        low = interval.low
        high = interval.high
    }
}
