/// Instants written as one number.
enum EpochTime {
    /// Tells seconds, milliseconds, microseconds and nanoseconds since 1970 apart by size. Seconds below 1e11 reach the
    /// year 5138, milliseconds from 1e11 on begin in March 1973, so no plausible time is ambiguous.
    ///
    /// - Returns: milliseconds, or nil for a negative or impossible number.
    static func milliseconds(_ number: Double) -> Int64? {
        guard number >= 0, number < 1e20 else { return nil }
        if number < 1e11 { return Int64((number * 1000).rounded()) }
        if number < 1e14 { return Int64(number.rounded(.down)) }
        if number < 1e17 { return Int64((number / 1000).rounded(.down)) }
        return Int64((number / 1_000_000).rounded(.down))
    }

    /// The same of a text of digits with an optional fraction, when it is long enough not to be taken for a date.
    static func milliseconds(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard let number = decimal(bytes), number.integerDigits >= 9 else { return nil }
        return milliseconds(number.value)
    }

    /// The time that a number in a known unit means. `perSecond` is 1, 1,000 or 1,000,000.
    static func milliseconds(_ bytes: UnsafeRawBufferPointer, perSecond: Int64) -> Int64? {
        var scanner = TimeScanner(bytes)
        let negative = scanner.accept(0x2d)
        guard let whole = scanner.digits(atLeast: 1, atMost: 17) else { return nil }
        var fraction: Int64 = 0
        if scanner.accept(0x2e) {
            guard let digits = scanner.fractionMilliseconds() else { return nil }
            fraction = perSecond == 1 ? digits : 0
        }
        guard scanner.isAtEnd else { return nil }
        var value: Int64
        switch perSecond {
        case 1:
            if whole > 1_000_000_000_000_000 { return nil }
            value = whole * 1000 + fraction
        case 1000: value = whole
        default: value = whole / (perSecond / 1000)
        }
        if negative { value = -value }
        return value
    }

    private static func decimal(_ bytes: UnsafeRawBufferPointer) -> (value: Double, integerDigits: Int)? {
        var value = 0.0
        var digits = 0
        var offset = 0
        while offset < bytes.count, bytes[offset] &- 48 <= 9 {
            value = value * 10 + Double(bytes[offset] &- 48)
            digits += 1
            offset += 1
        }
        if digits == 0 || digits > 19 { return nil }
        if offset < bytes.count {
            guard bytes[offset] == 0x2e else { return nil }
            offset += 1
            var unit = 0.1
            while offset < bytes.count, bytes[offset] &- 48 <= 9 {
                value += unit * Double(bytes[offset] &- 48)
                unit /= 10
                offset += 1
            }
        }
        return offset == bytes.count ? (value, digits) : nil
    }
}
