/// A date and time as it is written down, before a time zone turns it into an instant.
struct CivilTime: Hashable {
    /// Milliseconds since 1970-01-01T00:00:00 on a calendar and clock without zone.
    var milliseconds: Int64
    /// The distance from UTC that was written with it, in seconds.
    var offsetSeconds: Int64?

    /// Days from 1970-01-01 to a date of the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date
    /// algorithms", days_from_civil).
    static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year &- 1 : year
        let era = (shifted >= 0 ? shifted : shifted &- 399) / 400
        let yearOfEra = shifted &- era &* 400
        let dayOfYear = (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5 &+ day &- 1
        let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
        return era &* 146_097 &+ dayOfEra &- 719_468
    }

    static func daysInMonth(year: Int64, month: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Nil when there is no such date or time. 24:00 and a leap second :60 are the instants that follow.
    static func milliseconds(
        year: Int64, month: Int64, day: Int64, hour: Int64 = 0, minute: Int64 = 0, second: Int64 = 0,
        millisecond: Int64 = 0
    ) -> Int64? {
        guard month >= 1, month <= 12, day >= 1, day <= 28 || day <= daysInMonth(year: year, month: month),
            hour <= 23 || (hour == 24 && minute == 0 && second == 0 && millisecond == 0), minute <= 59, second <= 60
        else { return nil }
        let time = ((hour &* 60 &+ minute) &* 60 &+ second) &* 1000 &+ millisecond
        return days(year: year, month: month, day: day) &* 86_400_000 &+ time
    }
}

/// Reads numbers and signs from the front of some bytes.
struct TimeScanner {
    let bytes: UnsafeRawBufferPointer
    var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { offset >= bytes.count }
    var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    mutating func accept(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        offset &+= 1
        return true
    }

    mutating func acceptEither(_ first: UInt8, _ second: UInt8) -> Bool { accept(first) || accept(second) }

    /// Exactly `count` digits.
    @inline(__always)
    mutating func digits(_ count: Int) -> Int64? {
        guard bytes.count &- offset >= count else { return nil }
        var value: Int64 = 0
        for index in offset..<(offset &+ count) {
            let digit = bytes[index] &- 48
            if digit > 9 { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        offset &+= count
        return value
    }

    /// As many digits as there are, at least `least` and at most `most` (18 or fewer).
    mutating func digits(atLeast least: Int, atMost most: Int) -> Int64? {
        var count = 0
        while count < most, offset + count < bytes.count, bytes[offset + count] &- 48 <= 9 { count += 1 }
        return count >= least ? digits(count) : nil
    }

    /// The digits of a fraction of a second as milliseconds; digits after the third are dropped.
    mutating func fractionMilliseconds() -> Int64? {
        var value: Int64 = 0
        var count = 0
        while let byte = next, byte &- 48 <= 9 {
            if count < 3 { value = value &* 10 &+ Int64(byte &- 48) }
            count &+= 1
            offset &+= 1
        }
        if count == 0 { return nil }
        if count == 1 { return value &* 100 }
        return count == 2 ? value &* 10 : value
    }

    /// `Z`, `+HH`, `+HHmm`, `+HH:mm` or `+HH:mm:ss`, as seconds east of UTC.
    mutating func zoneOffset() -> Int64? {
        if acceptEither(0x5a, 0x7a) { return 0 }
        guard let sign = next, sign == 0x2b || sign == 0x2d else { return nil }
        offset &+= 1
        guard let hours = digits(2), hours <= 23 else { return nil }
        var seconds = hours &* 3600
        let colon = accept(0x3a)
        if colon || (next.map { $0 &- 48 <= 9 } ?? false) {
            guard let minutes = digits(2), minutes <= 59 else { return nil }
            seconds &+= minutes &* 60
            if colon, accept(0x3a) {
                guard let more = digits(2), more <= 59 else { return nil }
                seconds &+= more
            }
        }
        return sign == 0x2d ? -seconds : seconds
    }
}

extension CivilTime {
    /// A date and time of ISO 8601: `2024-05-01`, `2024-05-01T10:20`, `2024-05-01 10:20:30.123456+09:00`,
    /// `20240501T102030Z`.
    /// Nil for anything else.
    init?(iso8601 bytes: UnsafeRawBufferPointer) {
        var scanner = TimeScanner(bytes)
        guard let year = scanner.digits(4) else { return nil }
        let extended = scanner.accept(0x2d)
        guard let month = scanner.digits(2) else { return nil }
        if extended, !scanner.accept(0x2d) { return nil }
        guard let day = scanner.digits(2) else { return nil }
        var (hour, minute, second, fraction): (Int64, Int64, Int64, Int64) = (0, 0, 0, 0)
        var zone: Int64?
        if scanner.acceptEither(0x54, 0x74) || scanner.accept(0x20) {
            guard let h = scanner.digits(2) else { return nil }
            hour = h
            let colons = scanner.accept(0x3a)
            if colons != extended { return nil }
            guard let m = scanner.digits(2) else { return nil }
            minute = m
            let hasSeconds = extended ? scanner.accept(0x3a) : (scanner.next.map { $0 &- 48 <= 9 } ?? false)
            if hasSeconds {
                guard let s = scanner.digits(2) else { return nil }
                second = s
                if scanner.acceptEither(0x2e, 0x2c) {
                    guard let f = scanner.fractionMilliseconds() else { return nil }
                    fraction = f
                }
            }
            if !scanner.isAtEnd {
                _ = scanner.accept(0x20)
                guard let offset = scanner.zoneOffset() else { return nil }
                zone = offset
            }
        }
        guard scanner.isAtEnd,
            let milliseconds = CivilTime.milliseconds(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second, millisecond: fraction)
        else { return nil }
        self.init(milliseconds: milliseconds, offsetSeconds: zone)
    }
}
