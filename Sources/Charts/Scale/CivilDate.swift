/// A day of the Gregorian calendar, and the clock time within it. Charts count time in milliseconds *of the local
/// clock*, as if it were UTC: whoever asks a question in a time zone has already found its local days.
struct CivilDate: Hashable {
    static let dayMilliseconds = 86_400_000

    var year: Int
    var month: Int
    var day: Int

    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Days since 1970-01-01 to a date (Hinnant, "chrono-compatible low-level date algorithms").
    init(dayNumber: Int) {
        let z = dayNumber + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    init(milliseconds: Int64) {
        self.init(dayNumber: Self.dayNumber(milliseconds))
    }

    static func dayNumber(_ milliseconds: Int64) -> Int {
        let time = Int(milliseconds)
        return time >= 0 ? time / dayMilliseconds : (time - dayMilliseconds + 1) / dayMilliseconds
    }

    var dayNumber: Int {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// 1970-01-01 was a Thursday; Monday is 0.
    var weekday: Int { ((dayNumber + 3) % 7 + 7) % 7 }

    var milliseconds: Int64 { Int64(dayNumber) * Int64(Self.dayMilliseconds) }
}
