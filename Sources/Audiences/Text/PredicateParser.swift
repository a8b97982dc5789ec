import Analysis

/// Reads a predicate's text: recursive descent over tokens, one function for each rule of the grammar in
/// docs/AUDIENCES.md.
struct PredicateParser {
    private let characters: [Character]
    private let tokens: [PredicateToken]
    private(set) var position = 0
    private var depth = 0

    /// - Throws: `AudienceError` with `syntax`.
    static func parse(_ text: String) throws(AudienceError) -> AudiencePredicate {
        guard text.utf8.count <= PredicateLimits.textBytes else {
            throw AudienceError(
                .limitExceeded, "the text has more than \(PredicateLimits.textBytes) bytes; split it into audiences")
        }
        var parser = PredicateParser(characters: Array(text), tokens: try PredicateLexer.tokens(of: text))
        let predicate = try parser.alternatives()
        if parser.token.kind != .end { throw parser.unexpected("'and', 'or' or the end of the text") }
        return predicate
    }

    private init(characters: [Character], tokens: [PredicateToken]) {
        self.characters = characters
        self.tokens = tokens
    }

    // MARK: Tokens

    var token: PredicateToken { tokens[position] }

    /// The token after next, and so on; the last one is the end.
    func peek(_ distance: Int) -> PredicateToken { tokens[min(position + distance, tokens.count - 1)] }

    mutating func advance() { if position < tokens.count - 1 { position += 1 } }

    func unexpected(_ expected: String) -> AudienceError {
        .syntax("found \(token.words)", expected: expected, in: characters, at: token.offset)
    }

    /// An error about a token that has been read.
    func error(_ message: String, expected: String, at offset: Int) -> AudienceError {
        .syntax(message, expected: expected, in: characters, at: offset)
    }

    func isWord(_ words: String..., at distance: Int = 0) -> Bool {
        guard case .word(let word) = peek(distance).kind else { return false }
        return words.contains(word.lowercased())
    }

    func isSign(_ sign: String, at distance: Int = 0) -> Bool { peek(distance).kind == .sign(sign) }

    mutating func take(_ word: String) -> Bool {
        guard isWord(word) else { return false }
        advance()
        return true
    }

    mutating func takeSign(_ sign: String) -> Bool {
        guard isSign(sign) else { return false }
        advance()
        return true
    }

    mutating func expect(_ word: String) throws(AudienceError) {
        if !take(word) { throw unexpected("'\(word)'") }
    }

    mutating func expectSign(_ sign: String) throws(AudienceError) {
        if !takeSign(sign) { throw unexpected("'\(sign)'") }
    }

    mutating func nested<Value>(
        _ body: (inout PredicateParser) throws(AudienceError) -> Value
    ) throws(AudienceError) -> Value {
        depth += 1
        defer { depth -= 1 }
        if depth > PredicateLimits.depth {
            throw error(
                "conditions nest deeper than \(PredicateLimits.depth) levels", expected: "fewer parentheses",
                at: token.offset)
        }
        return try body(&self)
    }

    // MARK: And, or, not

    mutating func alternatives() throws(AudienceError) -> AudiencePredicate {
        var list = [try conjunction()]
        while take("or") { list.append(try conjunction()) }
        return list.count == 1 ? list[0] : .or(list)
    }

    private mutating func conjunction() throws(AudienceError) -> AudiencePredicate {
        var list = [try negation()]
        while take("and") { list.append(try negation()) }
        return list.count == 1 ? list[0] : .and(list)
    }

    private mutating func negation() throws(AudienceError) -> AudiencePredicate {
        if take("not") {
            return .not(try nested { parser throws(AudienceError) in try parser.negation() })
        }
        if takeSign("(") {
            let inner = try nested { parser throws(AudienceError) in try parser.alternatives() }
            try expectSign(")")
            return inner
        }
        return try condition()
    }

    /// Whether a condition (after any `not` and `(`) begins here, and not one on a property.
    func conditionFollows(at distance: Int) -> Bool {
        var distance = distance
        while isSign("(", at: distance) || isWord("not", at: distance) { distance += 1 }
        guard case .word(let word) = peek(distance).kind else { return false }
        return PredicateWords.starts.contains(word.lowercased())
    }

    private mutating func condition() throws(AudienceError) -> AudiencePredicate {
        guard case .word(let word) = token.kind else { throw unexpected(PredicateWords.startsText) }
        switch word.lowercased() {
        case "everyone":
            advance()
            return .everyone
        case "did": return try did(nil)
        case "first", "last":
            advance()
            guard isWord("did") else { throw unexpected("'did' and an event") }
            return try did(word.lowercased() == "first" ? .first : .last)
        case "trait":
            advance()
            return .trait(try traitCondition())
        case "group": return try groupTrait()
        case "consents": return try consent()
        case "role": return try role()
        case "in": return try membership()
        default:
            let hint = NearestName.hint(for: word, among: PredicateWords.starts)
            throw error(
                "'\(word)' begins no condition\(hint)", expected: PredicateWords.startsText, at: token.offset)
        }
    }

    // MARK: Values

    mutating func text(_ expected: String) throws(AudienceError) -> String {
        guard case .text(let text) = token.kind else { throw unexpected("\(expected) in double quotes") }
        if text.isEmpty { throw error("this is empty", expected: expected, at: token.offset) }
        advance()
        return text
    }

    /// A name, in quotes or as a plain word.
    mutating func name(_ expected: String) throws(AudienceError) -> String {
        if case .word(let word) = token.kind {
            advance()
            return word
        }
        return try text(expected)
    }

    mutating func number() throws(AudienceError) -> Double {
        guard case .number(let number) = token.kind else { throw unexpected("a number") }
        advance()
        return number
    }

    mutating func value() throws(AudienceError) -> FilterValue {
        switch token.kind {
        case .text(let text):
            advance()
            return .string(text)
        case .date(let text):
            advance()
            return .string(text)
        case .number(let number):
            advance()
            return .number(number)
        case .word where isWord("true", "false"):
            let flag = isWord("true")
            advance()
            return .boolean(flag)
        default: throw unexpected("a value: a text in double quotes, a number, or true or false")
        }
    }

    /// Values in parentheses.
    mutating func values() throws(AudienceError) -> [FilterValue] {
        try expectSign("(")
        var list = [try value()]
        while takeSign(",") { list.append(try value()) }
        if !isSign(")") { throw unexpected("',' or ')'") }
        advance()
        return list
    }
}

/// The words that have a meaning.
enum PredicateWords {
    /// Those that begin a condition.
    static let starts: Set<String> = [
        "everyone", "did", "first", "last", "trait", "group", "consents", "role", "in",
    ]
    static let startsText = "'did', 'did not', 'trait', 'group', 'consents to', 'role', 'in audience', 'not' or '('"

    /// Those that a name must be quoted to be told from.
    static let reserved: Set<String> = starts.union([
        "and", "or", "not", "where", "then", "within", "with", "on", "before", "after", "since", "between", "is",
        "contains", "does", "matches", "at", "more", "less", "fewer", "exactly", "today", "yesterday", "tomorrow",
        "this", "next", "true", "false", "any", "to", "for", "audience",
    ])

    /// Whether a name can stand without quotes.
    static func isPlain(_ name: String) -> Bool {
        guard let first = name.first, PredicateLexer.isNameStart(first),
            name.allSatisfy(PredicateLexer.isNamePart)
        else { return false }
        return !reserved.contains(name.lowercased())
    }
}

/// What one predicate may hold.
package enum PredicateLimits {
    package static let textBytes = 65_536
    /// Levels of and, or, not, in conditions and their filters together.
    package static let depth = 16
    package static let conditions = 200
    package static let steps = 16
    package static let parts = 50
}
