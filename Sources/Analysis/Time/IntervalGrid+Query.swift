import Foundation

extension IntervalGrid {
    /// The grid of a query. A range that is empty, because it starts after the last event, is widened to its first
    /// day.
    ///
    /// - Throws: `QueryError` when there would be too many intervals.
    static func of(
        _ period: Period, over range: Range<Int64>, _ zone: ZoneName, _ weekStart: WeekStart, field: String
    ) throws -> IntervalGrid {
        var range = range
        if range.isEmpty {
            let clock = LocalClock(timeZone: zone.zone)
            let end = clock.start(of: clock.date(at: range.lowerBound).adding(days: 1))
            range = range.lowerBound..<max(end, range.lowerBound + 1)
        }
        guard let grid = IntervalGrid(period, over: range, in: zone.zone, weekStart: weekStart) else {
            throw QueryError(
                .limitExceeded, field,
                "is '\(period.rawValue)', which makes more than \(limit) intervals of the range; choose a longer interval or a shorter range"
            )
        }
        return grid
    }

    /// The range right before this one to compare with: as many months when the grid is of months from the first of
    /// one, as many days when it starts and ends with days, and the same length of time otherwise.
    var precedingRange: Range<Int64> {
        let first = clock.date(at: range.lowerBound)
        let last = clock.date(at: range.upperBound - 1)
        guard clock.start(of: first) == range.lowerBound,
            clock.start(of: last.adding(days: 1)) == range.upperBound
        else {
            return range.lowerBound - (range.upperBound - range.lowerBound)..<range.lowerBound
        }
        if period == .month, first == first.startOfMonth() {
            return clock.start(of: first.startOfMonth(adding: -count))..<range.lowerBound
        }
        let days = last.dayNumber - first.dayNumber + 1
        return clock.start(of: first.adding(days: -days))..<range.lowerBound
    }

    /// The range a year before: 52 weeks earlier, or 12 months when the grid is of months.
    var rangeOfYearBefore: Range<Int64> {
        func earlier(_ time: Int64) -> Int64 {
            let date = clock.date(at: time)
            let parts = date.components
            let then =
                period == .month
                ? CivilDate(year: parts.year - 1, month: parts.month, day: parts.day) : date.adding(days: -364)
            return clock.start(of: then) + time - clock.start(of: date)
        }
        let start = earlier(range.lowerBound)
        return start..<max(start + 1, earlier(range.upperBound))
    }

    /// The same grid with its first period whole.
    var startingWhole: IntervalGrid {
        IntervalGrid(period, over: uncutStart..<range.upperBound, in: clock.timeZone, weekStart: weekStart) ?? self
    }

    /// Where the period before the first one starts, whole.
    var precedingStart: Int64 {
        let date = clock.date(at: uncutStart)
        switch period {
        case .hour:
            let before = IntervalGrid(.hour, over: uncutStart - 1..<uncutStart, in: clock.timeZone)
            return before?.uncutStart ?? uncutStart - 3_600_000
        case .day:
            // The date before may be one that the zone skipped.
            return clock.start(of: clock.date(at: uncutStart - 1))
        case .week: return clock.start(of: date.adding(days: -7))
        case .month: return clock.start(of: date.startOfMonth(adding: -1))
        }
    }
}
