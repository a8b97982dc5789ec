import Foundation

/// A day or moment as queries write it, resolved against the query's clock and zone:
///
/// - `2024-05-31`: a local day;
/// - `2024-05-31T14:00:00Z`, `2024-05-31T14:00:00.250+09:00`, `2024-05-31T14:00`: a moment, local when it has no
///   offset;
/// - `-7d`, `-2w`, `-3mo`, `-1y`: that long before today, a local day; `-6h`, `-30m`, `-90s`: before now, a moment.
///   `0d` is today.
package struct DayPoint: Sendable, Hashable, Codable, CustomStringConvertible {
    private enum Form: Sendable, Hashable {
        case day(year: Int, month: Int, day: Int)
        /// Milliseconds since 1970-01-01T00:00:00Z.
        case moment(Int64)
        /// Milliseconds that the clock on the wall would show, without a zone.
        case localMoment(year: Int, month: Int, day: Int, milliseconds: Int64)
        case daysAgo(Calendar.Component, Int)
        case millisecondsAgo(Int64)
    }

    private let form: Form
    private let text: String

    package init?(_ text: String) {
        guard let form = DayPoint.parse(text) else { return nil }
        self.form = form
        self.text = text
    }

    package var description: String { text }

    /// Whether this is a whole local day rather than a moment.
    package var isDay: Bool {
        switch form {
        case .day, .daysAgo: true
        case .moment, .localMoment, .millisecondsAgo: false
        }
    }

    /// The times that this stands for: a local day from its first to before the next day's first millisecond, a moment
    /// as one millisecond. A day that starts in a daylight-saving gap starts after it.
    package func range(now: Int64, in zone: ZoneName) -> Range<Int64> {
        let calendar = zone.calendar()
        switch form {
        case .moment(let time):
            return time..<time + 1
        case .millisecondsAgo(let length):
            return now - length..<now - length + 1
        case .localMoment(let year, let month, let day, let milliseconds):
            let second = Int(milliseconds / 1_000)
            let wall = DateComponents(
                year: year, month: month, day: day, hour: second / 3_600, minute: second / 60 % 60, second: second % 60)
            let time = DayPoint.time(calendar.date(from: wall)) + milliseconds % 1_000
            return time..<time + 1
        case .day(let year, let month, let day):
            return DayPoint.day(
                calendar.date(from: DateComponents(year: year, month: month, day: day, hour: 12)), calendar)
        case .daysAgo(let component, let count):
            let today = Date(timeIntervalSince1970: Double(now) / 1_000)
            let noon = calendar.date(bySettingHour: 12, minute: 0, second: 0, of: today) ?? today
            return DayPoint.day(calendar.date(byAdding: component, value: -count, to: noon), calendar)
        }
    }

    /// Whether the meaning depends on the clock.
    package var isRelative: Bool {
        switch form {
        case .daysAgo, .millisecondsAgo: true
        case .day, .moment, .localMoment: false
        }
    }

    /// The local day that a time falls on.
    package static func localDay(of time: Int64, in zone: ZoneName) -> Range<Int64> {
        let calendar = zone.calendar()
        let date = Date(timeIntervalSince1970: Double(time) / 1_000)
        return day(calendar.date(bySettingHour: 12, minute: 0, second: 0, of: date), calendar)
    }

    private static func day(_ noon: Date?, _ calendar: Calendar) -> Range<Int64> {
        guard let noon else { return 0..<1 }
        let start = calendar.startOfDay(for: noon)
        let tomorrow = calendar.date(byAdding: .day, value: 1, to: noon) ?? noon
        return time(start)..<max(time(calendar.startOfDay(for: tomorrow)), time(start) + 1)
    }

    private static func time(_ date: Date?) -> Int64 {
        Int64(((date?.timeIntervalSince1970 ?? 0) * 1_000).rounded())
    }

    package init(from decoder: any Decoder) throws {
        let text: String
        do {
            text = try decoder.singleValueContainer().decode(String.self)
        } catch is DecodingError {
            throw QueryError(.wrongType, at: decoder.codingPath, "must be a date in quotes, such as \"2024-05-31\"")
        }
        guard let point = DayPoint(text) else {
            throw QueryError(.invalidValue, at: decoder.codingPath, DayPoint.explain(text))
        }
        self = point
    }

    static func explain(_ text: String) -> String {
        "'\(text)' is not a date; write 2024-05-31, 2024-05-31T14:00:00Z, or -7d (also w, mo, y) for that long before today"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension DayPoint {
    private static func parse(_ text: String) -> Form? {
        if text.first == "-" || text == "0d" { return parseRelative(text) }
        return parseISO(Array(text.utf8))
    }

    private static func parseRelative(_ text: String) -> Form? {
        let body = text.first == "-" ? text.dropFirst() : text[...]
        let digits = body.prefix { ("0"..."9").contains($0) }
        guard let count = Int(digits), count <= 100_000 else { return nil }
        switch body.dropFirst(digits.count) {
        case "d": return .daysAgo(.day, count)
        case "w": return .daysAgo(.day, count * 7)
        case "mo": return .daysAgo(.month, count)
        case "y": return count <= 200 ? .daysAgo(.year, count) : nil
        case "h": return .millisecondsAgo(Int64(count) * 3_600_000)
        case "m": return .millisecondsAgo(Int64(count) * 60_000)
        case "s": return .millisecondsAgo(Int64(count) * 1_000)
        default: return nil
        }
    }

    /// `yyyy-MM-dd`, then optionally `THH:mm[:ss[.fraction]]` (a space for T will do) and `Z` or `±HH:mm`.
    private static func parseISO(_ bytes: [UInt8]) -> Form? {
        var reader = DigitReader(bytes)
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), (1...12).contains(month), (1...Civil.daysInMonth(year, month)).contains(day),
            (1...9998).contains(year)
        else { return nil }
        if reader.atEnd { return .day(year: year, month: month, day: day) }
        guard reader.take("T") || reader.take(" "), let hour = reader.number(2), hour < 24, reader.take(":"),
            let minute = reader.number(2), minute < 60
        else { return nil }
        var milliseconds = Int64(hour * 3_600 + minute * 60) * 1_000
        if reader.take(":") {
            guard let second = reader.number(2), second < 60 else { return nil }
            milliseconds += Int64(second) * 1_000
            if reader.take(".") {
                guard let fraction = reader.milliseconds() else { return nil }
                milliseconds += fraction
            }
        }
        if reader.atEnd { return .localMoment(year: year, month: month, day: day, milliseconds: milliseconds) }
        guard let offset = reader.offsetMinutes(), reader.atEnd else { return nil }
        return .moment(Civil.days(year, month, day) * 86_400_000 + milliseconds - Int64(offset) * 60_000)
    }
}

/// Reads fixed-width decimal digits.
private struct DigitReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var atEnd: Bool { position == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func number(_ digits: Int) -> Int? {
        guard position + digits <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[position..<position + digits] {
            guard byte >= 48, byte <= 57 else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        position += digits
        return value
    }

    /// One to nine digits after the point; more than three are cut.
    mutating func milliseconds() -> Int64? {
        var value: Int64 = 0
        var count = 0
        while position < bytes.count, bytes[position] >= 48, bytes[position] <= 57, count < 9 {
            if count < 3 { value = value * 10 + Int64(bytes[position] - 48) }
            position += 1
            count += 1
        }
        guard count > 0 else { return nil }
        while count < 3 {
            value *= 10
            count += 1
        }
        return value
    }

    mutating func offsetMinutes() -> Int? {
        if take("Z") { return 0 }
        let sign = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = number(2), hours <= 18 else { return nil }
        _ = take(":")
        guard let minutes = number(2), minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

/// The Gregorian calendar without zones.
enum Civil {
    /// Days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil).
    static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }

    static func daysInMonth(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
