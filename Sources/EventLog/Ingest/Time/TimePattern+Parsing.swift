extension TimePattern {
    private struct Parts {
        var year: Int64 = 1970
        var month: Int64 = 1
        var day: Int64 = 1
        var dayOfYear: Int64?
        var hour: Int64 = 0
        var isAfternoon: Bool?
        var minute: Int64 = 0
        var second: Int64 = 0
        var millisecond: Int64 = 0
        var zone: Int64?
        var epochSeconds: Int64?
    }

    /// The time that the bytes, all of them, mean; nil when they do not fit the pattern or there is no such time.
    func parse(_ bytes: UnsafeRawBufferPointer) -> CivilTime? {
        var scanner = TimeScanner(bytes)
        var parts = Parts()
        for step in steps {
            if !Self.read(step, &scanner, &parts) { return nil }
        }
        return scanner.isAtEnd ? Self.time(parts) : nil
    }

    @inline(__always)
    private static func read(_ step: Step, _ scanner: inout TimeScanner, _ parts: inout Parts) -> Bool {
        switch step {
        case .number(let field, let least, let most):
            guard let value = scanner.digits(atLeast: least, atMost: most) else { return false }
            return set(field, value, &parts)
        case .literal(let text):
            for byte in text where !scanner.accept(byte) { return false }
        case .year:
            guard let year = scanner.digits(4) else { return false }
            parts.year = year
        case .shortYear:
            guard let year = scanner.digits(2) else { return false }
            parts.year = year >= 69 ? 1900 + year : 2000 + year
        case .monthName:
            guard let month = name(of: months, &scanner) else { return false }
            parts.month = Int64(month + 1)
        case .dayName: return name(of: days, &scanner) != nil
        case .half: return readHalf(&scanner, &parts)
        case .fraction:
            guard let value = scanner.fractionMilliseconds() else { return false }
            parts.millisecond = value
        case .zone:
            guard let value = scanner.zoneOffset() else { return false }
            parts.zone = value
        case .blanks:
            while scanner.acceptEither(0x20, 0x09) {}
        case .epochSeconds:
            let negative = scanner.accept(0x2d)
            guard let value = scanner.digits(atLeast: 1, atMost: 15) else { return false }
            parts.epochSeconds = negative ? -value : value
        }
        return true
    }

    private static func set(_ field: Field, _ value: Int64, _ parts: inout Parts) -> Bool {
        switch field {
        case .month: parts.month = value
        case .day: parts.day = value
        case .dayOfYear: parts.dayOfYear = value
        case .hour: parts.hour = value
        case .halfHour:
            if value > 12 { return false }
            parts.hour = value % 12
        case .minute: parts.minute = value
        case .second: parts.second = value
        }
        return true
    }

    /// `AM`, `PM`, `a.m.` and so on in any case, and Korean 오전 and 오후.
    private static func readHalf(_ scanner: inout TimeScanner, _ parts: inout Parts) -> Bool {
        let korean = [Array("오전".utf8), Array("오후".utf8)]
        for (index, word) in korean.enumerated() where scanner.bytes.dropFirst(scanner.offset).starts(with: word) {
            scanner.offset += word.count
            parts.isAfternoon = index == 1
            return true
        }
        guard let letter = scanner.next else { return false }
        switch letter | 0x20 {
        case 0x61: parts.isAfternoon = false
        case 0x70: parts.isAfternoon = true
        default: return false
        }
        scanner.offset += 1
        let dotted = scanner.accept(0x2e)
        guard scanner.acceptEither(0x6d, 0x4d) else { return false }
        return !dotted || scanner.accept(0x2e)
    }

    private static func time(_ parts: Parts) -> CivilTime? {
        if let seconds = parts.epochSeconds {
            return CivilTime(milliseconds: seconds * 1000 + parts.millisecond, offsetSeconds: 0)
        }
        var parts = parts
        if let afternoon = parts.isAfternoon, afternoon { parts.hour += 12 }
        var extraDays: Int64 = 0
        if let day = parts.dayOfYear {
            let isLeap = CivilTime.daysInMonth(year: parts.year, month: 2) == 29
            guard day >= 1, day <= (isLeap ? 366 : 365) else { return nil }
            (parts.month, parts.day, extraDays) = (1, 1, day - 1)
        }
        guard
            let milliseconds = CivilTime.milliseconds(
                year: parts.year, month: parts.month, day: parts.day, hour: parts.hour, minute: parts.minute,
                second: parts.second, millisecond: parts.millisecond)
        else { return nil }
        return CivilTime(milliseconds: milliseconds + extraDays * 86_400_000, offsetSeconds: parts.zone)
    }

    // MARK: Names

    private static let months = names([
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ])
    private static let days = names(["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"])

    private static func names(_ list: [String]) -> [[UInt8]] { list.map { Array($0.utf8) } }

    /// The index of the name, in full or its first three letters and any case, at the front. `Sept` is September too.
    private static func name(of list: [[UInt8]], _ scanner: inout TimeScanner) -> Int? {
        var length = 0
        while scanner.offset + length < scanner.bytes.count {
            let letter = scanner.bytes[scanner.offset + length] | 0x20
            guard letter >= 0x61, letter <= 0x7a else { break }
            length += 1
        }
        let word = scanner.bytes[scanner.offset..<(scanner.offset + length)].map { $0 | 0x20 }
        guard length >= 3, let index = list.firstIndex(where: { $0.starts(with: word) }) else { return nil }
        guard length == 3 || length == list[index].count || length == 4 else { return nil }
        scanner.offset += length
        if length < list[index].count { _ = scanner.accept(0x2e) }
        return index
    }
}
