/// How busy the shop is: days of the week and the year, paydays, feasts, hours of the day.
enum ShopSeasons {
    /// About 1 on average.
    static func weight(ofDay day: Int) -> Double {
        let date = KoreanCalendar.date(day)
        var weight = weekdays[KoreanCalendar.weekday(day)] * months[date.month - 1]
        // Most are paid on the 25th.
        if (25...27).contains(date.day) { weight *= 1.12 }
        if date.month == 11 && date.day <= 11 { weight *= date.day >= 8 ? 1.5 : 1.15 }
        if date.month == 5 && date.day <= 7 { weight *= 1.15 }
        if date.month == 12 && (14...23).contains(date.day) { weight *= 1.2 }
        weight *= feast(KoreanCalendar.daysAfterSeollal(day)) * feast(KoreanCalendar.daysAfterChuseok(day))
        return weight
    }

    /// Gifts are bought from ten days to two days before; on the holidays themselves people are with their families.
    private static func feast(_ daysAfter: Int) -> Double {
        switch daysAfter {
        case -12 ... -7: 1.2
        case -6 ... -2: 1.35
        case -1...1: 0.55
        default: 1
        }
    }

    /// From Monday on.
    private static let weekdays = [1.04, 0.98, 0.96, 0.97, 0.93, 1.0, 1.12]
    private static let months = [0.98, 0.93, 0.97, 0.98, 1.04, 0.98, 0.96, 0.94, 1.01, 1.02, 1.1, 1.09]

    /// The share of visits that begin in each hour: the way to work, lunch, the way home, and late evening.
    static let workdayHours: [Double] = [
        22, 10, 5, 3, 2, 4, 14, 36, 46, 38, 40, 46, 70, 56, 42, 40, 42, 48, 56, 60, 72, 92, 96, 58,
    ]
    static let weekendHours: [Double] = [
        30, 16, 8, 5, 4, 4, 8, 16, 30, 46, 58, 62, 60, 60, 62, 62, 60, 58, 56, 60, 74, 90, 86, 54,
    ]
}
