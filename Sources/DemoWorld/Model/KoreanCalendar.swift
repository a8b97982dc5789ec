/// Days and hours in Seoul, which is nine hours ahead of UTC and has had no daylight-saving time since 1988.
package enum KoreanCalendar {
    package static let day: Int64 = 86_400_000
    package static let hour: Int64 = 3_600_000
    package static let minute: Int64 = 60_000
    private static let offset: Int64 = 9 * hour

    /// The local day of a time (milliseconds UTC), counted from 1970-01-01.
    @inline(__always)
    package static func day(of time: Int64) -> Int { Int((time + offset) / day) }

    /// When a local day begins, in milliseconds UTC.
    @inline(__always)
    package static func midnight(_ day: Int) -> Int64 { Int64(day) * KoreanCalendar.day - offset }

    /// The local hour, with its fraction: 0 ..< 24.
    package static func hour(of time: Int64) -> Double {
        Double((time + offset) % day) / Double(hour)
    }

    /// Monday is 0. (1970-01-01 was a Thursday.)
    package static func weekday(_ day: Int) -> Int { ((day + 3) % 7 + 7) % 7 }

    package static func isWeekend(_ day: Int) -> Bool { weekday(day) >= 5 }

    /// Days since 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms"), for years from 1 on.
    package static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let y = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return y * 365 + y / 4 - y / 100 + y / 400 + dayOfYear - 719_468
    }

    /// The inverse.
    package static func date(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let z = day + 719_468
        let era = z / 146_097
        let dayOfEra = z % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// From 0 on 1 January to just under 1 at the end of December.
    package static func seasonOfYear(_ day: Int) -> Double {
        let date = date(day)
        return Double(day - KoreanCalendar.day(date.year, 1, 1)) / 365.25
    }

    // MARK: Holidays

    /// How many days `day` is after the nearest Seollal (negative: before it).
    package static func daysAfterSeollal(_ day: Int) -> Int { nearest(day, seollal) }
    /// How many days `day` is after the nearest Chuseok (negative: before it).
    package static func daysAfterChuseok(_ day: Int) -> Int { nearest(day, chuseok) }

    /// Whether people are off: weekends, the three days of Seollal and Chuseok, and the fixed holidays.
    package static func isHoliday(_ day: Int) -> Bool {
        if isWeekend(day) || abs(daysAfterSeollal(day)) <= 1 || abs(daysAfterChuseok(day)) <= 1 { return true }
        let date = date(day)
        return fixedHolidays.contains(date.month * 100 + date.day)
    }

    private static let fixedHolidays: Set<Int> = [101, 301, 505, 606, 815, 1003, 1009, 1225]

    private static func nearest(_ day: Int, _ feasts: [Int]) -> Int {
        feasts.map { day - $0 }.min { abs($0) < abs($1) } ?? .max
    }

    /// By the Korean calendar, which follows the moon: 2020 to 2035.
    private static let seollal: [Int] = [
        (2020, 1, 25), (2021, 2, 12), (2022, 2, 1), (2023, 1, 22), (2024, 2, 10), (2025, 1, 29), (2026, 2, 17),
        (2027, 2, 7), (2028, 1, 27), (2029, 2, 13), (2030, 2, 3), (2031, 1, 23), (2032, 2, 11), (2033, 1, 31),
        (2034, 2, 19), (2035, 2, 8),
    ].map { day($0.0, $0.1, $0.2) }
    private static let chuseok: [Int] = [
        (2020, 10, 1), (2021, 9, 21), (2022, 9, 10), (2023, 9, 29), (2024, 9, 17), (2025, 10, 6), (2026, 9, 25),
        (2027, 9, 15), (2028, 10, 3), (2029, 9, 22), (2030, 9, 12), (2031, 10, 1), (2032, 9, 19), (2033, 9, 8),
        (2034, 9, 27), (2035, 9, 16),
    ].map { day($0.0, $0.1, $0.2) }
}
