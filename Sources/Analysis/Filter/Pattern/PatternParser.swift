/// Reads a regular expression.
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0
    private(set) var ignoresCase = false
    private var dotTakesLineEnds = false

    static let depthLimit = 50
    static let repetitionLimit = 1_000

    init(_ pattern: String) {
        scalars = Array(pattern.unicodeScalars)
    }

    private func failure(_ reason: String) -> TextPattern.Failure {
        let text = String(String.UnicodeScalarView(scalars))
        return TextPattern.Failure(
            message: "'\(text)' is not a regular expression: \(reason) (at character \(position + 1))")
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    mutating func parse() throws(TextPattern.Failure) -> PatternNode {
        try parseFlags()
        let node = try parseChoice()
        if position < scalars.count { throw failure("a ')' without a '('") }
        return node
    }

    /// `(?is)` in front of everything.
    private mutating func parseFlags() throws(TextPattern.Failure) {
        guard scalars.starts(with: ["(", "?"] as [Unicode.Scalar]), let close = scalars.firstIndex(of: ")"),
            close > 2, scalars[2..<close].allSatisfy({ $0 == "i" || $0 == "s" })
        else { return }
        ignoresCase = scalars[2..<close].contains("i")
        dotTakesLineEnds = scalars[2..<close].contains("s")
        position = close + 1
    }

    private mutating func parseChoice() throws(TextPattern.Failure) -> PatternNode {
        depth += 1
        if depth > PatternParser.depthLimit {
            throw failure("groups nest deeper than \(PatternParser.depthLimit) levels")
        }
        var choices = [try parseSequence()]
        while take("|") { choices.append(try parseSequence()) }
        depth -= 1
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func parseSequence() throws(TextPattern.Failure) -> PatternNode {
        var parts: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            var part = try parseAtom()
            var isRepeated = false
            while let (least, most) = try parseQuantifier() {
                if isRepeated { throw failure("two quantifiers in a row") }
                part = .repetition(part, least: least, most: most)
                isRepeated = true
                // Lazy: which match is found first makes no difference to whether one is found.
                _ = take("?")
            }
            parts.append(part)
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func parseQuantifier() throws(TextPattern.Failure) -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard next == "{" else { return nil }
        let start = position
        position += 1
        guard let least = try number() else {
            // As in most dialects, a brace without a number is itself.
            position = start
            return nil
        }
        var most: Int? = least
        if take(",") { most = try number() }
        guard take("}") else { throw failure("a '{' with a number needs '}'") }
        if let most, most < least { throw failure("the range of a repetition is upside down") }
        return (least, most)
    }

    private mutating func number() throws(TextPattern.Failure) -> Int? {
        var value: Int?
        while let scalar = next, ("0"..."9").contains(scalar) {
            value = (value ?? 0) * 10 + Int(scalar.value - 48)
            if value ?? 0 > PatternParser.repetitionLimit {
                throw failure("more than \(PatternParser.repetitionLimit) repetitions")
            }
            position += 1
        }
        return value
    }
}

extension PatternParser {
    private mutating func parseAtom() throws(TextPattern.Failure) -> PatternNode {
        guard let scalar = next else { throw failure("the end came too early") }
        position += 1
        switch scalar {
        case "(": return try parseGroup()
        case "[": return .set(try parseSet())
        case ".": return .set(dotTakesLineEnds ? .all : .allButLineEnd)
        case "^": return .assertion(.start)
        case "$": return .assertion(.end)
        case "\\": return try parseEscape()
        case "*", "+", "?":
            position -= 1
            throw failure("nothing to repeat")
        default: return .set(.single(scalar))
        }
    }

    private mutating func parseGroup() throws(TextPattern.Failure) -> PatternNode {
        if take("?") {
            guard take(":") else {
                throw failure("groups can be ( ) and (?: ); looking ahead or behind, and names, are not supported")
            }
        }
        let node = try parseChoice()
        guard take(")") else { throw failure("a '(' without a ')'") }
        return node
    }

    private mutating func parseEscape() throws(TextPattern.Failure) -> PatternNode {
        switch next {
        case "b":
            position += 1
            return .assertion(.wordBoundary)
        case "B":
            position += 1
            return .assertion(.noWordBoundary)
        case "A":
            position += 1
            return .assertion(.start)
        case "z":
            position += 1
            return .assertion(.end)
        default: return .set(PatternSet(items: [try parseEscapedItem()]))
        }
    }

    /// What follows a backslash, inside a set or out.
    private mutating func parseEscapedItem() throws(TextPattern.Failure) -> PatternSet.Item {
        guard let scalar = next else { throw failure("a '\\' at the end") }
        position += 1
        func one(_ value: UInt32) -> PatternSet.Item { .range(value...value) }
        switch scalar {
        case "d": return .digit(true)
        case "D": return .digit(false)
        case "w": return .word(true)
        case "W": return .word(false)
        case "s": return .space(true)
        case "S": return .space(false)
        case "t": return one(9)
        case "n": return one(10)
        case "v": return one(11)
        case "f": return one(12)
        case "r": return one(13)
        case "x": return one(try hexadecimal(2))
        case "u": return one(try hexadecimal(4))
        case "0"..."9": throw failure("references to groups are not supported")
        case "a"..."z", "A"..."Z": throw failure("'\\\(scalar)' is not known")
        default: return one(scalar.value)
        }
    }

    private mutating func hexadecimal(_ digits: Int) throws(TextPattern.Failure) -> UInt32 {
        guard position + digits <= scalars.count,
            let value = UInt32(String(String.UnicodeScalarView(scalars[position..<position + digits])), radix: 16)
        else { throw failure("\(digits) hexadecimal digits must follow") }
        position += digits
        return value
    }

    private mutating func parseSet() throws(TextPattern.Failure) -> PatternSet {
        var set = PatternSet(items: [], isNegated: take("^"))
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            let item = try parseSetItem()
            guard case .range(let low) = item, next == "-", position + 1 < scalars.count, scalars[position + 1] != "]"
            else {
                set.items.append(item)
                continue
            }
            position += 1
            guard case .range(let high) = try parseSetItem(), low.lowerBound <= high.upperBound else {
                throw failure("a range in '[ ]' is upside down")
            }
            set.items.append(.range(low.lowerBound...high.upperBound))
        }
        guard take("]") else { throw failure("a '[' without a ']'") }
        return set
    }

    private mutating func parseSetItem() throws(TextPattern.Failure) -> PatternSet.Item {
        guard let scalar = next else { throw failure("a '[' without a ']'") }
        position += 1
        if scalar == "\\" { return try parseEscapedItem() }
        return .range(scalar.value...scalar.value)
    }
}
