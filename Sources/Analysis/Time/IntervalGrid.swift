package import Foundation

/// The length of an interval in the calendar of a zone.
package enum Period: String, Codable, Sendable, CaseIterable {
    case hour, day, week, month

    /// `Day`
    var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

/// Consecutive calendar periods that cover a range of time in one zone.
///
/// Periods are those of the local calendar: a day has 23 or 25 hours when clocks change, weeks start on the chosen day,
/// months have their lengths. A whole date that the zone skipped has no period. An hour starts when the clocks show a
/// full hour and at every change of the offset; so the hour that comes twice in autumn is two periods, told apart by
/// their labels.
///
/// The first and the last period are cut to the range, as only its events count; their labels still name the whole
/// period.
package struct IntervalGrid: Sendable {
    package let period: Period
    package let weekStart: WeekStart
    package let clock: LocalClock
    /// Where each period starts, cut to the range, and the end of the range: `count + 1` milliseconds, strictly
    /// ascending.
    package let index: BoundaryIndex
    /// The start of the first period before it was cut.
    let uncutStart: Int64
    /// The end of the last period before it was cut.
    let uncutEnd: Int64

    /// Periods of one grid at most: eleven years of hours.
    package static let limit = 100_000

    /// The periods that cover `range` (milliseconds since 1970, not empty), or nil when there would be more than
    /// `limit`.
    ///
    /// - Complexity: O(periods), a few look-ups of the zone's offset for each.
    package init?(_ period: Period, over range: Range<Int64>, in timeZone: TimeZone, weekStart: WeekStart = .monday) {
        precondition(!range.isEmpty, "a grid covers a range that is not empty")
        let clock = LocalClock(timeZone: timeZone)
        // Days and hours that are certainly too many are refused before they are made.
        let shortest: Int64 = period == .hour ? 3_600_000 : 86_400_000
        if (range.upperBound - range.lowerBound) / shortest > Int64(Self.limit) * 40 { return nil }
        let boundaries =
            period == .hour
            ? Self.hours(range, clock)
            : Self.dates(period, range, clock, weekStart)
        if boundaries.count - 1 > Self.limit { return nil }
        self.period = period
        self.weekStart = weekStart
        self.clock = clock
        uncutStart = boundaries[0]
        uncutEnd = boundaries[boundaries.count - 1]
        var cut = boundaries
        cut[0] = range.lowerBound
        cut[cut.count - 1] = range.upperBound
        index = BoundaryIndex(cut)
    }

    package var count: Int { index.count }

    /// The range that the grid covers.
    package var range: Range<Int64> { index.boundaries[0]..<index.boundaries[count] }

    /// The times of a period, cut to the range.
    package subscript(position: Int) -> Range<Int64> { index.boundaries[position]..<index.boundaries[position + 1] }

    /// The number of the period that holds a time in milliseconds, or nil outside the range.
    package func index(of time: Int64) -> Int? {
        let position = index.position(of: time)
        return position < 0 ? nil : position
    }

    /// Whether the range cuts a part of the period off, so that its values do not compare with those of others.
    package func isPartial(_ position: Int) -> Bool {
        (position == 0 && uncutStart < range.lowerBound) || (position == count - 1 && uncutEnd > range.upperBound)
    }

    /// `2024-06-10` for the first date of a day, week or month; for hours the local time with its offset.
    package func label(_ position: Int) -> String {
        let start = position == 0 ? uncutStart : index.boundaries[position]
        return period == .hour ? clock.label(at: start) : clock.date(at: start).label
    }

    package var labels: [String] { (0..<count).map(label) }
}

extension IntervalGrid {
    /// Starts of the dates' periods from the one that holds the range's start, and the end of the last.
    private static func dates(
        _ period: Period, _ range: Range<Int64>, _ clock: LocalClock, _ weekStart: WeekStart
    ) -> [Int64] {
        var date = clock.date(at: range.lowerBound)
        switch period {
        case .hour, .day: break
        case .week: date = date.startOfWeek(weekStart)
        case .month: date = date.startOfMonth()
        }
        // In a repeated hour after midnight the clocks show the old date although the new one has begun.
        func next(_ date: CivilDate) -> CivilDate {
            switch period {
            case .hour, .day: date.adding(days: 1)
            case .week: date.adding(days: 7)
            case .month: date.startOfMonth(adding: 1)
            }
        }
        while clock.start(of: next(date)) <= range.lowerBound { date = next(date) }
        var boundaries = [clock.start(of: date)]
        repeat {
            date = next(date)
            let start = clock.start(of: date)
            // A skipped date would be an empty period.
            if start > boundaries[boundaries.count - 1] { boundaries.append(start) }
        } while boundaries[boundaries.count - 1] < range.upperBound && boundaries.count <= limit + 2
        return boundaries
    }

    /// Starts of hours from the one that holds the range's start, and the end of the last.
    private static func hours(_ range: Range<Int64>, _ clock: LocalClock) -> [Int64] {
        let hour = 3600
        let first = Int(range.lowerBound).floorDivided(by: 1000)
        var offset = clock.offset(at: first)
        var start = first - (first + offset).modulo(hour)
        // The hour may have begun with a change of the offset.
        if clock.offset(at: start) != offset { start = clock.transition(after: start, by: first) }
        var boundaries = [Int64(start) * 1000]
        while boundaries[boundaries.count - 1] < range.upperBound, boundaries.count <= limit + 2 {
            var next = start + hour - (start + offset).modulo(hour)
            let nextOffset = clock.offset(at: next)
            if nextOffset != offset {
                next = clock.transition(after: start, by: next)
                offset = nextOffset
            }
            start = next
            boundaries.append(Int64(start) * 1000)
        }
        return boundaries
    }
}
