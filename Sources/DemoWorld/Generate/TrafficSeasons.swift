/// How busy each day and hour is, in a Korean shop: the week, the year, paydays, and the holidays that move with the
/// moon.
struct TrafficSeasons {
    /// The first local day, counted from 1970-01-01.
    let firstDay: Int
    /// One weight for each local day, with a mean of about 1.
    let days: [Double]
    let busiest: Double

    /// - Parameter range: milliseconds UTC.
    init(_ range: Range<Int64>) {
        firstDay = KoreanCalendar.day(of: range.lowerBound)
        let lastDay = KoreanCalendar.day(of: range.upperBound - 1)
        days = (firstDay...max(firstDay, lastDay)).map(Self.weight)
        busiest = days.max() ?? 1
    }

    /// Local midnight of a day, in milliseconds UTC.
    func start(ofDay index: Int) -> Int64 { KoreanCalendar.midnight(firstDay + index) }

    /// The share of sessions that begin in each hour: lunch, the evening and the way home; later at weekends.
    static let workdayHours: [Double] = [
        18, 9, 5, 3, 3, 6, 16, 34, 42, 40, 45, 52, 66, 52, 44, 42, 44, 50, 60, 66, 78, 88, 80, 46,
    ]
    static let weekendHours: [Double] = [
        26, 14, 8, 5, 4, 5, 9, 18, 30, 44, 56, 60, 60, 62, 62, 60, 60, 60, 60, 64, 76, 84, 76, 48,
    ]

    private static let weekdays = [1.03, 0.98, 0.96, 0.97, 0.95, 1.02, 1.12]
    private static let months = [0.98, 0.93, 0.97, 0.98, 1.05, 0.98, 0.97, 0.94, 1.02, 1.01, 1.13, 1.10]

    static func weight(_ day: Int) -> Double {
        let date = KoreanCalendar.date(day)
        var weight = weekdays[KoreanCalendar.weekday(day)] * months[date.month - 1]
        // Payday, Pepero day's sales, Children's day gifts, the week before Christmas.
        if date.day >= 25 && date.day <= 27 { weight *= 1.08 }
        if date.month == 11 && date.day >= 8 && date.day <= 11 { weight *= 1.45 }
        if date.month == 5 && date.day <= 5 { weight *= 1.15 }
        if date.month == 12 && date.day >= 17 && date.day <= 24 { weight *= 1.25 }
        for daysAfter in [KoreanCalendar.daysAfterSeollal(day), KoreanCalendar.daysAfterChuseok(day)] {
            // Gifts are bought from ten days to two days before; on the holidays themselves people are with their
            // families.
            switch daysAfter {
            case -10 ... -6: weight *= 1.3
            case -5 ... -2: weight *= 1.6
            case -1...1: weight *= 0.6
            default: break
            }
        }
        return weight
    }
}
