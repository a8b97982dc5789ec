/// Arithmetic over the series of a trend: `A/B`, `(A + B) * 100`, `-A`, `1.5e3 - C`.
///
/// Letters name series in their order: A is the first, at most 26. Operators are `+ - * /` with the usual precedence,
/// unary minus and parentheses.
package struct Formula: Sendable, Hashable, CustomStringConvertible {
    indirect enum Node: Sendable, Hashable {
        case number(Double)
        case series(Int)
        case negated(Node)
        case operation(Operator, Node, Node)
    }

    enum Operator: Sendable, Hashable {
        case plus, minus, times, dividedBy
    }

    let root: Node
    package let text: String

    /// Characters of a formula at most.
    package static let lengthLimit = 1_000
    /// How deep parentheses and minus signs may nest.
    package static let depthLimit = 100

    /// What is wrong with a formula's text and where.
    package struct SyntaxError: Error, Hashable, CustomStringConvertible {
        /// The character, counted from 1.
        package var column: Int
        package var message: String
        package var description: String { "at character \(column): \(message)" }
    }

    /// - Throws: `Formula.SyntaxError`.
    package init(_ text: String, seriesCount: Int) throws {
        guard text.count <= Self.lengthLimit else {
            throw SyntaxError(
                column: Self.lengthLimit + 1, message: "a formula has at most \(Self.lengthLimit) characters")
        }
        var parser = FormulaParser(text: Array(text.unicodeScalars), seriesCount: seriesCount)
        root = try parser.parse()
        self.text = text
    }

    package var description: String { text }

    /// The value for one value of each series. Anything that is missing makes the result missing, and so do a division
    /// by zero and a result that is not finite.
    package func value(_ series: (Int) -> Double?) -> Double? {
        guard let value = evaluate(root, series), value.isFinite else { return nil }
        return value
    }

    /// The series that the formula reads, ascending.
    package var seriesIndices: [Int] {
        var found: Set<Int> = []
        func collect(_ node: Node) {
            switch node {
            case .number: break
            case .series(let index): found.insert(index)
            case .negated(let inner): collect(inner)
            case .operation(_, let left, let right):
                collect(left)
                collect(right)
            }
        }
        collect(root)
        return found.sorted()
    }

    private func evaluate(_ node: Node, _ series: (Int) -> Double?) -> Double? {
        switch node {
        case .number(let number): return number
        case .series(let index): return series(index)
        case .negated(let inner): return evaluate(inner, series).map { -$0 }
        case .operation(let operation, let left, let right):
            guard let a = evaluate(left, series), let b = evaluate(right, series) else { return nil }
            switch operation {
            case .plus: return a + b
            case .minus: return a - b
            case .times: return a * b
            case .dividedBy: return b == 0 ? nil : a / b
            }
        }
    }

    /// `A` for 0, `Z` for 25; beyond, no formula can name the series.
    package static func letter(_ index: Int) -> String? {
        index < 26 ? Unicode.Scalar(UInt8(65 + index)).description : nil
    }
}

/// Recursive descent over: sum = product (("+" | "-") product)*; product = factor (("*" | "/") factor)*;
/// factor = "-" factor | "(" sum ")" | number | letter.
private struct FormulaParser {
    let text: [Unicode.Scalar]
    let seriesCount: Int
    var position = 0
    var depth = 0

    mutating func parse() throws -> Formula.Node {
        skipSpace()
        if position == text.count { throw failure("the formula is empty; write for example A/B") }
        let node = try sum()
        if position < text.count {
            throw failure(
                text[position] == ")"
                    ? "')' closes nothing" : "'\(text[position])' is not expected here; an operator + - * / is")
        }
        return node
    }

    private mutating func sum() throws -> Formula.Node {
        var node = try product()
        while let sign = take(["+", "-"]) {
            node = .operation(sign == "+" ? .plus : .minus, node, try product())
        }
        return node
    }

    private mutating func product() throws -> Formula.Node {
        var node = try factor()
        while let sign = take(["*", "/"]) {
            node = .operation(sign == "*" ? .times : .dividedBy, node, try factor())
        }
        return node
    }

    private mutating func factor() throws -> Formula.Node {
        depth += 1
        defer { depth -= 1 }
        if depth > Formula.depthLimit { throw failure("nested more than \(Formula.depthLimit) deep") }
        if take(["-"]) != nil { return .negated(try factor()) }
        let opening = position
        if take(["("]) != nil {
            let node = try sum()
            if take([")"]) == nil {
                throw Formula.SyntaxError(column: opening + 1, message: "'(' is never closed")
            }
            return node
        }
        guard position < text.count else { throw failure("a series letter or a number is missing at the end") }
        let next = text[position]
        if isDigit(next) || next == "." { return .number(try number()) }
        return .series(try series())
    }

    private mutating func series() throws -> Int {
        let next = text[position]
        let upper = next.properties.uppercaseMapping.unicodeScalars.first ?? next
        guard ("A"..."Z").contains(upper) else {
            throw failure("'\(next)' is not expected here; a series letter, a number or '(' is")
        }
        let index = Int(upper.value) - 65
        guard index < seriesCount else {
            let last = Formula.letter(min(seriesCount, 26) - 1) ?? "A"
            throw failure("there is no series \(upper); the query has A\(seriesCount > 1 ? " to \(last)" : " only")")
        }
        if position + 1 < text.count, text[position + 1].properties.isAlphabetic {
            throw failure("series are named by one letter each; put an operator between letters")
        }
        position += 1
        skipSpace()
        return index
    }

    private mutating func number() throws -> Double {
        let start = position
        while position < text.count, isDigit(text[position]) || text[position] == "." { position += 1 }
        if position < text.count, text[position] == "e" || text[position] == "E" {
            var end = position + 1
            if end < text.count, text[end] == "+" || text[end] == "-" { end += 1 }
            if end < text.count, isDigit(text[end]) {
                while end < text.count, isDigit(text[end]) { end += 1 }
                position = end
            }
        }
        var digits = ""
        digits.unicodeScalars.append(contentsOf: text[start..<position])
        guard let value = Double(digits), value.isFinite else {
            throw Formula.SyntaxError(column: start + 1, message: "'\(digits)' is not a number")
        }
        skipSpace()
        return value
    }

    private mutating func take(_ wanted: [Unicode.Scalar]) -> Unicode.Scalar? {
        guard position < text.count, wanted.contains(text[position]) else { return nil }
        defer {
            position += 1
            skipSpace()
        }
        return text[position]
    }

    private mutating func skipSpace() {
        while position < text.count, text[position].properties.isWhitespace { position += 1 }
    }

    private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private func failure(_ message: String) -> Formula.SyntaxError {
        Formula.SyntaxError(column: position + 1, message: message)
    }
}
