/// A date format written as a Unicode pattern (`yyyy-MM-dd HH:mm:ss`) or as for strftime (`%Y-%m-%d %H:%M:%S`),
/// compiled into steps that read bytes.
///
/// Unicode letters: y u M L d D E a h H k K m s S Z X x z, with quoted literals; month and day names are English, in
/// full or by three letters. strftime: Y y m d e H I M S f L p b B h a A j z s T F R D n t %. Two-digit years are 1969
/// to 2068.
struct TimePattern: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case year, shortYear, monthName, dayName, half, fraction, zone, epochSeconds, blanks
        /// Digits, at least and at most so many.
        case number(Field, Int, Int)
        case literal([UInt8])
    }

    enum Field: Hashable, Sendable { case month, day, dayOfYear, hour, halfHour, minute, second }

    let text: String
    private(set) var steps: [Step] = []

    /// - Throws: `ImportError` with code `mapping` naming what in the pattern is wrong.
    init(_ text: String) throws {
        self.text = text
        if text.contains("%") { try compileStrftime() } else { try compileUnicode() }
        try checkCompleteness()
    }

    private func wrong(_ what: String) -> ImportError {
        ImportError(
            .mapping,
            "the time format '\(text)' \(what); write one such as yyyy-MM-dd HH:mm:ss or %Y-%m-%d %H:%M:%S, or "
                + "iso8601, epoch, epoch-ms or epoch-us"
        )
    }

    private func checkCompleteness() throws {
        func has(_ test: (Step) -> Bool) -> Bool { steps.contains(where: test) }
        if has({ $0 == .epochSeconds }) { return }
        let year = has { $0 == .year || $0 == .shortYear }
        let month = has { $0 == .monthName || $0.field == .month }
        let day = has { $0.field == .day }
        let whole = has { $0.field == .dayOfYear } || (month && day)
        if !year || !whole { throw wrong("does not give a whole date (year, month and day)") }
        if has({ $0.field == .halfHour }) != has({ $0 == .half }) {
            throw wrong("needs the hour of 12 and AM or PM together")
        }
    }

    private mutating func compileUnicode() throws {
        let characters = Array(text)
        var index = 0
        while index < characters.count {
            let letter = characters[index]
            if letter == "'" {
                index = try quoted(characters, from: index)
                continue
            }
            guard letter.isASCII, letter.isLetter else {
                add(literal: String(letter))
                index += 1
                continue
            }
            var count = 1
            while index + count < characters.count, characters[index + count] == letter { count += 1 }
            steps.append(try unicodeStep(letter, count))
            index += count
        }
    }

    private mutating func quoted(_ characters: [Character], from quote: Int) throws -> Int {
        guard let end = characters[(quote + 1)...].firstIndex(of: "'") else {
            throw wrong("has a quote that is not closed")
        }
        add(literal: end == quote + 1 ? "'" : String(characters[(quote + 1)..<end]))
        return end + 1
    }

    private func unicodeStep(_ letter: Character, _ count: Int) throws -> Step {
        let least = count >= 2 ? 2 : 1
        switch letter {
        case "y", "u": return count == 2 ? .shortYear : .year
        case "M", "L": return count >= 3 ? .monthName : .number(.month, least, 2)
        case "d": return .number(.day, least, 2)
        case "D": return .number(.dayOfYear, min(count, 3), 3)
        case "E": return .dayName
        case "a": return .half
        case "H", "k": return .number(.hour, least, 2)
        case "h", "K": return .number(.halfHour, least, 2)
        case "m": return .number(.minute, least, 2)
        case "s": return .number(.second, least, 2)
        case "S": return .fraction
        case "Z", "X", "x", "z": return .zone
        default: throw wrong("has the letter '\(letter)', which is not known (quote literal text with ')")
        }
    }

    private mutating func compileStrftime() throws {
        var characters = Array(text)[...]
        while let letter = characters.popFirst() {
            guard letter == "%" else {
                letter == " " ? steps.append(.blanks) : add(literal: String(letter))
                continue
            }
            guard let code = characters.popFirst() else { throw wrong("ends in a lone %") }
            switch code {
            case "T": try expand("%H:%M:%S")
            case "F": try expand("%Y-%m-%d")
            case "R": try expand("%H:%M")
            case "D": try expand("%m/%d/%y")
            case "%": add(literal: "%")
            default: steps.append(try strftimeStep(code))
            }
        }
    }

    private mutating func expand(_ pattern: String) throws {
        steps += try pattern.isEmpty ? [] : TimePattern.fragment(pattern)
    }

    private static func fragment(_ pattern: String) throws -> [Step] {
        var part = TimePattern(unchecked: pattern)
        try part.compileStrftime()
        return part.steps
    }

    private init(unchecked text: String) { self.text = text }

    private func strftimeStep(_ code: Character) throws -> Step {
        switch code {
        case "Y": return .year
        case "y": return .shortYear
        case "m": return .number(.month, 1, 2)
        case "d": return .number(.day, 1, 2)
        // A day that is padded with a space.
        case "e": return .number(.day, 1, 2)
        case "j": return .number(.dayOfYear, 1, 3)
        case "H": return .number(.hour, 1, 2)
        case "I": return .number(.halfHour, 1, 2)
        case "M": return .number(.minute, 1, 2)
        case "S": return .number(.second, 1, 2)
        case "f", "L": return .fraction
        case "p": return .half
        case "b", "B", "h": return .monthName
        case "a", "A": return .dayName
        case "z": return .zone
        case "s": return .epochSeconds
        case "n", "t": return .blanks
        default: throw wrong("has %\(code), which is not known")
        }
    }

    private mutating func add(literal text: String) {
        let bytes = Array(text.utf8)
        if case .literal(let before) = steps.last {
            steps[steps.count - 1] = .literal(before + bytes)
        } else {
            steps.append(.literal(bytes))
        }
    }
}

extension TimePattern.Step {
    fileprivate var field: TimePattern.Field? {
        if case .number(let field, _, _) = self { field } else { nil }
    }
}
