package import Analysis

/// A length of time in words: `30 days`. Seconds to weeks are fixed lengths; months and years are those of the calendar
/// and count whole local days.
package struct TimeLength: Sendable, Hashable {
    package enum Unit: String, Sendable, CaseIterable {
        case second, minute, hour, day, week, month, year
    }

    package var count: Int
    package var unit: Unit

    package init(_ count: Int, _ unit: Unit) {
        self.count = count
        self.unit = unit
    }

    /// The longest that is accepted: a century.
    package static let countMax = 3_155_760_000

    /// Nil for months and years.
    package var milliseconds: Int64? {
        let length: Int64 =
            switch unit {
            case .second: 1_000
            case .minute: 60_000
            case .hour: 3_600_000
            case .day: 86_400_000
            case .week: 604_800_000
            case .month, .year: 0
            }
        return length == 0 ? nil : Int64(count) * length
    }

    /// Calendar months, 0 for fixed lengths.
    var months: Int { unit == .month ? count : unit == .year ? count * 12 : 0 }

    /// `30d`, `2mo`: how JSON writes it.
    package var code: String { "\(count)\(TimeLength.codes[unit] ?? "")" }

    /// Nil when it is not a whole number from 1 and a unit of s, m, h, d, w, mo, y.
    package init?(code: String) {
        let digits = code.prefix { $0.isASCII && $0.isNumber }
        let suffix = String(code.dropFirst(digits.count))
        guard let count = Int(digits), let unit = TimeLength.codes.first(where: { $0.value == suffix })?.key else {
            return nil
        }
        self.init(count, unit)
        if !isValid { return nil }
    }

    /// Whether it is positive and at most a century.
    package var isValid: Bool {
        guard count > 0, count <= TimeLength.countMax else { return false }
        if let milliseconds { return milliseconds <= 36_525 * 86_400_000 }
        return months <= 1_200
    }

    private static let codes: [Unit: String] = [
        .second: "s", .minute: "m", .hour: "h", .day: "d", .week: "w", .month: "mo", .year: "y",
    ]
}

/// A moment that a window starts or ends with.
package enum TimePoint: Sendable, Hashable {
    /// A local day or a moment, never relative.
    case date(DayPoint)
    case ago(TimeLength)
    /// Only of traits: events lie in the past.
    case fromNow(TimeLength)
}

/// A stretch of the calendar around now. Weeks start on Monday.
package enum CalendarPeriod: String, Sendable, CaseIterable {
    case today, yesterday, tomorrow
    case thisWeek = "this_week"
    case lastWeek = "last_week"
    case nextWeek = "next_week"
    case thisMonth = "this_month"
    case lastMonth = "last_month"
    case nextMonth = "next_month"
    case thisYear = "this_year"
    case lastYear = "last_year"
    case nextYear = "next_year"

    /// `this week`
    package var words: String { rawValue.replacing("_", with: " ") }

    enum Unit { case day, week, month, year }

    var unit: Unit {
        switch self {
        case .today, .yesterday, .tomorrow: .day
        case .thisWeek, .lastWeek, .nextWeek: .week
        case .thisMonth, .lastMonth, .nextMonth: .month
        case .thisYear, .lastYear, .nextYear: .year
        }
    }

    /// Periods from the present one.
    var offset: Int {
        switch self {
        case .today, .thisWeek, .thisMonth, .thisYear: 0
        case .yesterday, .lastWeek, .lastMonth, .lastYear: -1
        case .tomorrow, .nextWeek, .nextMonth, .nextYear: 1
        }
    }
}

/// When something must have happened. Events count only once their time has come, so every window of events ends now
/// at the latest.
package enum TimeWindow: Sendable, Hashable {
    /// From that long ago until now, both included.
    case last(TimeLength)
    /// From now until then, both included. Only of traits.
    case next(TimeLength)
    case period(CalendarPeriod)
    /// Before the moment, or before the day begins.
    case before(TimePoint)
    /// After the moment, or after the day has ended.
    case after(TimePoint)
    /// At the moment or on the day, or later.
    case since(TimePoint)
    /// From the first moment (or the start of its day) to the second (or the end of its day).
    case between(TimePoint, TimePoint)
    case on(DayPoint)

    /// Whether it can hold a time that has not come yet.
    var reachesAhead: Bool {
        switch self {
        case .next, .period(.tomorrow), .period(.nextWeek), .period(.nextMonth), .period(.nextYear): true
        case .before(.fromNow), .after(.fromNow), .since(.fromNow), .between(.fromNow, _), .between(_, .fromNow): true
        default: false
        }
    }

    var points: [TimePoint] {
        switch self {
        case .last, .next, .period: []
        case .before(let point), .after(let point), .since(let point): [point]
        case .between(let first, let last): [first, last]
        case .on(let day): [.date(day)]
        }
    }

    var lengths: [TimeLength] {
        switch self {
        case .last(let length), .next(let length): [length]
        default:
            points.compactMap { point in
                switch point {
                case .date: nil
                case .ago(let length), .fromNow(let length): length
                }
            }
        }
    }
}
