import Analysis

/// A window at one moment and in one zone: an interval of times, and how its ends move as time goes by.
struct ResolvedWindow: Sendable, Hashable {
    enum Move: Sendable, Hashable {
        case fixed
        /// At every moment the end lies this many milliseconds before now (negative: after).
        case follows(Int64)
        /// The end stays where it is until this moment, at which it jumps ahead.
        case jumps(at: Int64)
    }

    /// Included.
    var lower: Int64
    var lowerMove: Move
    /// Not included.
    var upper: Int64
    var upperMove: Move

    static let always = ResolvedWindow(lower: .min, lowerMove: .fixed, upper: .max, upperMove: .fixed)

    @inline(__always)
    func contains(_ time: Int64) -> Bool { time >= lower && time < upper }

    /// The same without what has not come yet at `now`: how events are looked at.
    func past(_ now: Int64) -> ResolvedWindow {
        guard upper > now + 1 else { return self }
        var window = self
        window.upper = now + 1
        window.upperMove = .follows(-1)
        return window
    }

    /// When a time that is in the window leaves it at the lower end; nil for never.
    @inline(__always)
    func leaving(_ time: Int64) -> Int64? {
        switch lowerMove {
        case .fixed: nil
        case .follows(let distance): ResolvedWindow.sum(time, distance + 1)
        case .jumps(let moment): moment
        }
    }

    /// Nil when there is no such time: traits may hold any.
    @inline(__always)
    private static func sum(_ time: Int64, _ distance: Int64) -> Int64? {
        let (sum, overflow) = time.addingReportingOverflow(distance)
        return overflow ? nil : sum
    }

    /// When a time beyond the upper end may come in; nil for never.
    @inline(__always)
    func entering(_ time: Int64) -> Int64? {
        switch upperMove {
        case .fixed: nil
        case .follows(let distance): ResolvedWindow.sum(time, distance + 1)
        case .jumps(let moment): moment
        }
    }

    /// Whether the answer for a time can change later: the earliest moment, nil for never.
    func nextChange(_ time: Int64) -> Int64? {
        if time < lower { return nil }
        return time < upper ? leaving(time) : entering(time)
    }
}

/// Resolves windows at one moment in one zone. Calendar arithmetic is done once for all persons of the zone.
struct WindowResolver {
    let now: Int64
    let zone: ZoneName
    private let clock: LocalClock
    private let today: CivilDate

    init(now: Int64, zone: ZoneName) {
        self.now = now
        self.zone = zone
        clock = LocalClock(timeZone: zone.zone)
        today = clock.date(at: now)
    }

    private typealias Edge = (time: Int64, move: ResolvedWindow.Move)

    func resolve(_ window: TimeWindow?) -> ResolvedWindow {
        guard let window else { return .always }
        switch window {
        case .last(let length):
            let start = point(.ago(length)).start
            return ResolvedWindow(lower: start.time, lowerMove: start.move, upper: now + 1, upperMove: .follows(-1))
        case .next(let length):
            let end = point(.fromNow(length)).end
            return ResolvedWindow(lower: now, lowerMove: .follows(0), upper: end.time, upperMove: end.move)
        case .period(let period):
            let unit = period.unit
            let move = ResolvedWindow.Move.jumps(at: start(unit, 1))
            return ResolvedWindow(
                lower: start(unit, period.offset), lowerMove: move, upper: start(unit, period.offset + 1),
                upperMove: move)
        case .before(let point):
            let end = self.point(point).start
            return ResolvedWindow(lower: .min, lowerMove: .fixed, upper: end.time, upperMove: end.move)
        case .after(let point):
            let start = self.point(point).end
            return ResolvedWindow(lower: start.time, lowerMove: start.move, upper: .max, upperMove: .fixed)
        case .since(let point):
            let start = self.point(point).start
            return ResolvedWindow(lower: start.time, lowerMove: start.move, upper: .max, upperMove: .fixed)
        case .between(let first, let last):
            let (start, end) = (point(first).start, point(last).end)
            return ResolvedWindow(
                lower: start.time, lowerMove: start.move, upper: max(start.time, end.time), upperMove: end.move)
        case .on(let day):
            let range = day.range(now: now, in: zone)
            return ResolvedWindow(
                lower: range.lowerBound, lowerMove: .fixed, upper: range.upperBound, upperMove: .fixed)
        }
    }

    /// The first moment of a point and the first one after it: a moment lasts a millisecond, a day a day.
    private func point(_ point: TimePoint) -> (start: Edge, end: Edge) {
        switch point {
        case .date(let date):
            let range = date.range(now: now, in: zone)
            return ((range.lowerBound, .fixed), (range.upperBound, .fixed))
        case .ago(let length): return moving(length, direction: -1)
        case .fromNow(let length): return moving(length, direction: 1)
        }
    }

    private func moving(_ length: TimeLength, direction: Int) -> (start: Edge, end: Edge) {
        if let milliseconds = length.milliseconds {
            let distance = milliseconds * Int64(-direction)
            return ((now - distance, .follows(distance)), (now - distance + 1, .follows(distance - 1)))
        }
        // The same day of that month, or its last day when it is shorter.
        let parts = today.components
        let month = CivilDate(year: parts.year, month: parts.month + direction * length.months, day: 1)
        let last = month.startOfMonth(adding: 1).adding(days: -1).components.day
        let day = month.adding(days: min(parts.day, last) - 1)
        let move = ResolvedWindow.Move.jumps(at: clock.start(of: today.adding(days: 1)))
        return ((clock.start(of: day), move), (clock.start(of: day.adding(days: 1)), move))
    }

    /// The start of the calendar's period that lies `offset` after the present one.
    private func start(_ unit: CalendarPeriod.Unit, _ offset: Int) -> Int64 {
        let date =
            switch unit {
            case .day: today.adding(days: offset)
            case .week: today.startOfWeek(.monday).adding(days: 7 * offset)
            case .month: today.startOfMonth(adding: offset)
            case .year: CivilDate(year: today.components.year + offset, month: 1, day: 1)
            }
        return clock.start(of: date)
    }

    /// The local date of a time, in days since 1970.
    func dayNumber(_ time: Int64) -> Int { clock.date(at: time).dayNumber }
}
