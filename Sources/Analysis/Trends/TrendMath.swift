/// What a series of a trend measures in each interval.
package enum TrendMath: String, Codable, Sendable, CaseIterable {
    /// Events.
    case total
    /// Different people with an event: daily active people when the interval is a day.
    case dau
    /// Different people with an event in the 7 days that end with the interval.
    case weeklyActive = "weekly_active"
    /// Different people with an event in the 30 days that end with the interval.
    case monthlyActive = "monthly_active"
    /// Different sessions with an event. A session that goes on into the next interval counts in both.
    case uniqueSessions = "unique_sessions"
    /// People whose first such event of all lies in the interval.
    case firstTime = "first_time"
    /// The sum of a numeric property. Of a list, every number is a value; in the other statistics too.
    case sum
    case avg
    case min
    case max
    case median
    case p90
    case p95
    case p99
    /// Events for each person who has any.
    case averageCountPerActor = "avg_count_per_actor"
    /// The sum of a numeric property for each person who has a value.
    case averageSumPerActor = "avg_sum_per_actor"

    /// Whether it reads a numeric property.
    package var needsProperty: Bool {
        switch self {
        case .sum, .avg, .min, .max, .median, .p90, .p95, .p99, .averageSumPerActor: true
        default: false
        }
    }

    /// The quantile that it is, from 0 to 1.
    package var quantile: Double? {
        switch self {
        case .median: 0.5
        case .p90: 0.9
        case .p95: 0.95
        case .p99: 0.99
        default: nil
        }
    }

    /// The days of a rolling window.
    package var windowDays: Int? {
        switch self {
        case .weeklyActive: 7
        case .monthlyActive: 30
        default: nil
        }
    }

    /// Whether an interval without events has the value 0; otherwise it has none.
    package var isZeroWithoutEvents: Bool {
        switch self {
        case .total, .dau, .weeklyActive, .monthlyActive, .uniqueSessions, .firstTime, .sum: true
        default: false
        }
    }
}
