/// Times of events as text in UTC: ISO 8601 with milliseconds.
package enum Timestamp {
    /// `2024-05-01T09:30:00.000Z`
    package static func text(_ milliseconds: Int64) -> String {
        let (day, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        let dayNumber = rest < 0 ? day - 1 : day
        let inDay = rest < 0 ? rest + 86_400_000 : rest
        let (year, month, date) = civil(dayNumber)
        let seconds = inDay / 1000
        return "\(digits(year, 4))-\(digits(month, 2))-\(digits(date, 2))T"
            + "\(digits(seconds / 3600, 2)):\(digits(seconds / 60 % 60, 2)):\(digits(seconds % 60, 2))"
            + ".\(digits(inDay % 1000, 3))Z"
    }

    /// The time of a text that `text` has made; nil for any other, however much it looks like a time.
    package static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 24, bytes[23] == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            var value: Int64 = 0
            for byte in bytes[range] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), let part = number(20..<23),
            let result = CivilTime.milliseconds(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second, millisecond: part)
        else { return nil }
        // Other ways to write the same instant, such as 24:00, show in the way back.
        return self.text(result) == text ? result : nil
    }

    /// `2024-05-01 09:30:00`, for tables: the milliseconds only when there are some.
    package static func short(_ milliseconds: Int64) -> String {
        let full = text(milliseconds)
        let seconds = full.prefix(19).split(separator: "T").joined(separator: " ")
        return milliseconds % 1000 == 0 ? seconds : seconds + full.dropFirst(19).dropLast()
    }

    /// `2024-05-01`
    package static func day(_ milliseconds: Int64) -> String { String(text(milliseconds).prefix(10)) }

    private static func digits(_ number: Int64, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }

    /// The Gregorian date of a day counted from 1970-01-01, by 400-year eras that begin on 1 March, so that the day
    /// that leap years add comes last.
    private static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let date = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, date)
    }
}
