import Foundation

/// How busy each day and hour is, in a Korean shop: the week, the year, paydays, and the holidays that move with the
/// moon.
struct ShopSeasons {
    static let dayMilliseconds: Int64 = 86_400_000
    /// Asia/Seoul is nine hours ahead of UTC, without daylight-saving time since 1988.
    static let seoulOffset: Int64 = 9 * 3_600_000

    /// The first local day, counted from 1970-01-01.
    let firstDay: Int
    /// One weight for each local day, with a mean of about 1.
    let days: [Double]
    let busiest: Double

    /// - Parameter range: milliseconds UTC.
    init(_ range: Range<Int64>) {
        firstDay = Int((range.lowerBound + Self.seoulOffset) / Self.dayMilliseconds)
        let lastDay = Int((range.upperBound - 1 + Self.seoulOffset) / Self.dayMilliseconds)
        days = (firstDay...max(firstDay, lastDay)).map(Self.weight)
        busiest = days.max() ?? 1
    }

    /// Local midnight of a day, in milliseconds UTC.
    func start(ofDay index: Int) -> Int64 {
        Int64(firstDay + index) * Self.dayMilliseconds - Self.seoulOffset
    }

    /// The share of sessions that begin in each hour: lunch, the evening and the way home; later at weekends.
    static let workdayHours: [Double] = [
        18, 9, 5, 3, 3, 6, 16, 34, 42, 40, 45, 52, 66, 52, 44, 42, 44, 50, 60, 66, 78, 88, 80, 46,
    ]
    static let weekendHours: [Double] = [
        26, 14, 8, 5, 4, 5, 9, 18, 30, 44, 56, 60, 60, 62, 62, 60, 60, 60, 60, 64, 76, 84, 76, 48,
    ]

    /// 1970-01-01 was a Thursday; Monday is 0.
    static func weekday(_ day: Int) -> Int { ((day + 3) % 7 + 7) % 7 }

    private static let weekdays = [1.03, 0.98, 0.96, 0.97, 0.95, 1.02, 1.12]
    private static let months = [0.98, 0.93, 0.97, 0.98, 1.05, 0.98, 0.97, 0.94, 1.02, 1.01, 1.13, 1.10]

    static func weight(_ day: Int) -> Double {
        let date = civil(day)
        var weight = weekdays[weekday(day)] * months[date.month - 1]
        // Payday, Pepero day's sales, Children's day gifts, the week before Christmas.
        if date.day >= 25 && date.day <= 27 { weight *= 1.08 }
        if date.month == 11 && date.day >= 8 && date.day <= 11 { weight *= 1.45 }
        if date.month == 5 && date.day <= 5 { weight *= 1.15 }
        if date.month == 12 && date.day >= 17 && date.day <= 24 { weight *= 1.25 }
        for holiday in lunarHolidays {
            // Gifts are bought from ten days to two days before; on the holidays themselves people are with their
            // families.
            switch day - holiday {
            case -10 ... -6: weight *= 1.3
            case -5 ... -2: weight *= 1.6
            case -1...1: weight *= 0.6
            default: break
            }
        }
        return weight
    }

    /// Seollal and Chuseok by the Korean calendar, 2020 to 2030, as days since 1970-01-01.
    private static let lunarHolidays: [Int] = [
        (2020, 1, 25), (2021, 2, 12), (2022, 2, 1), (2023, 1, 22), (2024, 2, 10), (2025, 1, 29), (2026, 2, 17),
        (2027, 2, 7),
        (2028, 1, 27), (2029, 2, 13), (2030, 2, 3),
        (2020, 10, 1), (2021, 9, 21), (2022, 9, 10), (2023, 9, 29), (2024, 9, 17), (2025, 10, 6), (2026, 9, 25),
        (2027, 9, 15),
        (2028, 10, 3), (2029, 9, 22), (2030, 9, 12),
    ].map { dayNumber($0.0, $0.1, $0.2) }

    /// Days since 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms"), for years from 1 on.
    static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let y = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return y * 365 + y / 4 - y / 100 + y / 400 + dayOfYear - 719_468
    }

    /// The inverse of `dayNumber`.
    static func civil(_ dayNumber: Int) -> (year: Int, month: Int, day: Int) {
        let z = dayNumber + 719_468
        let era = z / 146_097
        let dayOfEra = z % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}
