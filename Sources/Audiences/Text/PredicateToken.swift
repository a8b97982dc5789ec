import Analysis

/// A word of a predicate's text, with where it is.
struct PredicateToken: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// Letters, digits, `_`, `$` and dots: a keyword or a name.
        case word(String)
        /// In quotes.
        case text(String)
        case number(Double)
        /// Digits with dashes: `2024-05-31`, `2024-05-31T14:00Z`.
        case date(String)
        /// `(`, `)`, `,`, and the signs of comparisons.
        case sign(String)
        case end
    }

    var kind: Kind
    /// Where it begins, counted in characters from 0.
    var offset: Int

    /// How messages call it.
    var words: String {
        switch kind {
        case .word(let word): "'\(word)'"
        case .text(let text): "\"\(text)\""
        case .number(let number): "the number \(NumberText.of(number))"
        case .date(let date): "the date \(date)"
        case .sign(let sign): "'\(sign)'"
        case .end: "the end of the text"
        }
    }
}

/// Cuts a predicate's text into words.
struct PredicateLexer {
    private let characters: [Character]
    private var position = 0

    init(_ text: String) { characters = Array(text) }

    /// - Throws: `AudienceError` with `syntax`.
    static func tokens(of text: String) throws(AudienceError) -> [PredicateToken] {
        var lexer = PredicateLexer(text)
        var tokens: [PredicateToken] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private var current: Character? { position < characters.count ? characters[position] : nil }

    private func peek(_ distance: Int) -> Character? {
        position + distance < characters.count ? characters[position + distance] : nil
    }

    private func error(_ expected: String, _ message: String, at offset: Int) -> AudienceError {
        .syntax(message, expected: expected, in: characters, at: offset)
    }

    private mutating func next() throws(AudienceError) -> PredicateToken {
        while let character = current, character.isWhitespace { position += 1 }
        let start = position
        guard let character = current else { return PredicateToken(kind: .end, offset: start) }
        if character == "\"" || character == "“" { return PredicateToken(kind: .text(try quoted()), offset: start) }
        if character.isASCII, character.isNumber || (character == "-" && peek(1)?.isNumber == true) {
            return PredicateToken(kind: try number(), offset: start)
        }
        if PredicateLexer.isNameStart(character) {
            while let character = current, PredicateLexer.isNamePart(character) { position += 1 }
            return PredicateToken(kind: .word(String(characters[start..<position])), offset: start)
        }
        for sign in ["!=", ">=", "<=", "<>", "(", ")", ",", "=", ">", "<"] {
            let length = sign.count
            if position + length <= characters.count, String(characters[position..<position + length]) == sign {
                position += length
                return PredicateToken(kind: .sign(sign == "<>" ? "!=" : sign), offset: start)
            }
        }
        throw error(
            "a word, a value in double quotes, a number or a parenthesis", "'\(character)' means nothing here",
            at: start)
    }

    static func isNameStart(_ character: Character) -> Bool {
        character.isLetter || character == "_" || character == "$"
    }

    static func isNamePart(_ character: Character) -> Bool {
        isNameStart(character) || character.isNumber || character == "."
    }

    private mutating func quoted() throws(AudienceError) -> String {
        let start = position
        // Text that went through a word processor has curly quotes.
        let close: Character = characters[start] == "“" ? "”" : "\""
        position += 1
        var text = ""
        while let character = current {
            position += 1
            if character == close { return text }
            guard character == "\\" else {
                text.append(character)
                continue
            }
            let escape = current
            position += 1
            switch escape {
            case "n": text.append("\n")
            case "r": text.append("\r")
            case "t": text.append("\t")
            case "\\", "\"": text.append(escape ?? "\\")
            case "u": text.unicodeScalars.append(try scalar(start: position - 2))
            default:
                throw error(
                    #"\n, \r, \t, \\, \" or \u{...}"#, "a backslash must be followed by n, r, t, u{...}, \" or \\",
                    at: position - 2)
            }
        }
        throw error("a closing quote", "the text in quotes that begins here has no end", at: start)
    }

    /// `{1F600}` after `\u`.
    private mutating func scalar(start: Int) throws(AudienceError) -> Unicode.Scalar {
        var digits = ""
        if current == "{" {
            position += 1
            while let character = current, character.isHexDigit, digits.count < 8 {
                digits.append(character)
                position += 1
            }
            if current == "}", let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) {
                position += 1
                return scalar
            }
        }
        throw error(#"\u{...} with a code point in hexadecimal"#, "this is no Unicode character", at: start)
    }

    private mutating func number() throws(AudienceError) -> PredicateToken.Kind {
        let start = position
        if current == "-" { position += 1 }
        func skipDigits() {
            while let character = current, character.isASCII, character.isNumber { position += 1 }
        }
        skipDigits()
        // Four digits and a dash begin a date.
        if position - start == 4, current == "-", characters[start] != "-" {
            let inside: (Character) -> Bool = { $0.isASCII && ($0.isNumber || "-:.TZ+".contains($0)) }
            while let character = current, inside(character) { position += 1 }
            return .date(String(characters[start..<position]))
        }
        if current == ".", peek(1)?.isNumber == true {
            position += 1
            skipDigits()
        }
        if current == "e" || current == "E" {
            let signed = peek(1) == "-" || peek(1) == "+"
            if peek(signed ? 2 : 1)?.isNumber == true {
                position += signed ? 2 : 1
                skipDigits()
            }
        }
        guard let value = Double(String(characters[start..<position])), value.isFinite else {
            throw error("a number", "this number cannot be represented", at: start)
        }
        return .number(value)
    }
}

extension AudienceError {
    /// An error at a character of a predicate's text.
    static func syntax(_ message: String, expected: String, in characters: [Character], at offset: Int) -> AudienceError
    {
        let before = characters[..<min(offset, characters.count)]
        let line = before.count { $0.isNewline } + 1
        let lineStart = before.lastIndex { $0.isNewline }.map { $0 + 1 } ?? 0
        let rest = characters[lineStart...]
        let lineEnd = rest.firstIndex { $0.isNewline } ?? characters.count
        let column = min(offset, lineEnd) - lineStart
        let text = String(characters[lineStart..<lineEnd])
        // Hangul and other wide characters take two columns of a terminal.
        let indent = characters[lineStart..<lineStart + column].map { isWide($0) ? "  " : $0 == "\t" ? "\t" : " " }
        let place = Place(
            line: line, column: column + 1, expected: expected, excerpt: text + "\n" + indent.joined() + "^")
        return AudienceError(.syntax, "\(message); expected \(expected)", place: place)
    }

    private static func isWide(_ character: Character) -> Bool {
        guard let value = character.unicodeScalars.first?.value else { return false }
        return (0x1100...0x115F).contains(value) || (0x2E80...0xA4CF).contains(value)
            || (0xAC00...0xD7A3).contains(value) || (0xF900...0xFAFF).contains(value)
            || (0xFF00...0xFF60).contains(value) || (0x1F300...0x1FAFF).contains(value)
    }
}
