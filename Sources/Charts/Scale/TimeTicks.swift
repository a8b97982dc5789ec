/// Labelled places of a time axis at round moments: hours, days, weeks, months or years, as many as fit.
struct TimeTicks {
    var ticks: [(time: Int64, label: String)]

    private enum Step {
        case hours(Int), days(Int), weeks(Int), months(Int)

        /// About how long, in milliseconds.
        var length: Double {
            let day = Double(CivilDate.dayMilliseconds)
            return switch self {
            case .hours(let n): Double(n) * day / 24
            case .days(let n): Double(n) * day
            case .weeks(let n): Double(n) * 7 * day
            case .months(let n): Double(n) * 30.44 * day
            }
        }
    }

    private static let steps: [Step] = [
        .hours(1), .hours(2), .hours(3), .hours(6), .hours(12), .days(1), .days(2), .weeks(1), .weeks(2), .months(1),
        .months(2),
        .months(3), .months(6), .months(12), .months(24), .months(60), .months(120), .months(240), .months(600),
        .months(1_200),
    ]

    /// - Parameters:
    ///   - points: where the data are; weekly data are labelled at their own weeks, whatever day these begin on.
    ///   - most: how many labels fit.
    init(from first: Int64, to last: Int64, points: [Int64], most: Int, language: ChartLanguage) {
        ticks = []
        let most = max(1, most)
        if let weekly = Self.weekly(points) {
            let every = (weekly.count + most - 1) / most
            let chosen = weekly.enumerated().filter { $0.offset % every == 0 }.map(\.element)
            ticks = Self.label(chosen, Self.steps[7], language)
            return
        }
        let span = Double(last - first)
        let step = Self.steps.first { span / $0.length <= Double(most) } ?? .months(1_200)
        ticks = Self.label(Self.moments(first, last, step), step, language)
        // Nothing round inside a short range: name its beginning.
        if ticks.isEmpty { ticks = Self.label([first], .days(1), language) }
    }

    private static func weekly(_ points: [Int64]) -> [Int64]? {
        guard points.count > 2 else { return nil }
        let week = Int64(7 * CivilDate.dayMilliseconds)
        for (a, b) in zip(points, points.dropFirst()) where b - a != week { return nil }
        // Beyond half a year months read better.
        return points.count <= 27 ? points : nil
    }

    private static func moments(_ first: Int64, _ last: Int64, _ step: Step) -> [Int64] {
        var result: [Int64] = []
        switch step {
        case .hours(let n):
            let length = Int64(n) * 3_600_000
            let day = CivilDate(milliseconds: first).milliseconds
            var time = day + (first - day + length - 1) / length * length
            while time <= last {
                result.append(time)
                time += length
            }
        case .days, .weeks:
            let (every, phase) =
                if case .weeks(let n) = step { (7 * n, -3) } else if case .days(let n) = step { (n, 0) } else { (1, 0) }
            // Weeks begin on a Monday: day -3 was one.
            var day = CivilDate.dayNumber(first + Int64(CivilDate.dayMilliseconds) - 1)
            while (day - phase) % every != 0 { day += 1 }
            while Int64(day) * Int64(CivilDate.dayMilliseconds) <= last {
                result.append(Int64(day) * Int64(CivilDate.dayMilliseconds))
                day += every
            }
        case .months(let n):
            let start = CivilDate(milliseconds: first)
            var month = start.year * 12 + start.month - 1
            while true {
                if month % n == 0 {
                    let time = CivilDate(year: month / 12, month: month % 12 + 1, day: 1).milliseconds
                    if time > last { break }
                    if time >= first { result.append(time) }
                }
                month += 1
                if month > (start.year + 1_400) * 12 { break }
            }
        }
        return result
    }

    private static func label(_ times: [Int64], _ step: Step, _ language: ChartLanguage) -> [(
        time: Int64, label: String
    )] {
        var before: CivilDate?
        return times.map { time in
            let date = CivilDate(milliseconds: time)
            defer { before = date }
            let newYear = before.map { $0.year != date.year } ?? false
            switch step {
            case .hours:
                let clock = Int(time - date.milliseconds) / 60_000
                if before == date && clock > 0 || (before == nil && clock > 0) { return (time, Self.clock(clock)) }
                return (time, language.day(date))
            case .days, .weeks: return (time, newYear ? language.fullDay(date) : language.day(date))
            case .months(let n):
                if n >= 12 { return (time, language.year(date.year)) }
                return (time, newYear || before == nil ? language.monthAndYear(date) : language.month(date.month))
            }
        }
    }

    static func clock(_ minutes: Int) -> String {
        let (hour, minute) = (minutes / 60, minutes % 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }

    /// A moment in full, for tooltips; the clock only when the data have one.
    static func exact(_ time: Int64, withClock: Bool, _ language: ChartLanguage) -> String {
        let date = CivilDate(milliseconds: time)
        let day = language.fullDay(date)
        return withClock ? "\(day) \(clock(Int(time - date.milliseconds) / 60_000))" : day
    }
}
