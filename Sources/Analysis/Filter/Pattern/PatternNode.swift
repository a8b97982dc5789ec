/// A regular expression as a tree.
indirect enum PatternNode: Sendable {
    case set(PatternSet)
    case assertion(PatternAssertion)
    case sequence([PatternNode])
    case choice([PatternNode])
    /// `most` nil: any number.
    case repetition(PatternNode, least: Int, most: Int?)
}

enum PatternAssertion: Sendable {
    case start, end, wordBoundary, noWordBoundary

    /// Whether it holds between two scalars of a text; nil is outside.
    func holds(between before: Unicode.Scalar?, and after: Unicode.Scalar?) -> Bool {
        switch self {
        case .start: before == nil
        case .end: after == nil
        case .wordBoundary: PatternSet.isWord(before) != PatternSet.isWord(after)
        case .noWordBoundary: PatternSet.isWord(before) == PatternSet.isWord(after)
        }
    }
}

/// The scalars that one place of a pattern takes.
struct PatternSet: Sendable {
    enum Item: Sendable {
        case range(ClosedRange<UInt32>)
        case digit(Bool)
        case word(Bool)
        case space(Bool)
    }

    var items: [Item]
    var isNegated = false

    static func single(_ scalar: Unicode.Scalar) -> PatternSet {
        PatternSet(items: [.range(scalar.value...scalar.value)])
    }
    static let all = PatternSet(items: [], isNegated: true)
    static let allButLineEnd = PatternSet(items: [.range(10...10)], isNegated: true)

    func contains(_ scalar: Unicode.Scalar, ignoresCase: Bool) -> Bool {
        var found = has(scalar)
        if !found, ignoresCase {
            found = has(scalar.properties.lowercaseMapping) || has(scalar.properties.uppercaseMapping)
        }
        return found != isNegated
    }

    /// Mappings to several scalars (ß) match nothing else.
    private func has(_ mapping: String) -> Bool {
        mapping.unicodeScalars.count == 1 && mapping.unicodeScalars.first.map(has) ?? false
    }

    private func has(_ scalar: Unicode.Scalar) -> Bool {
        items.contains { item in
            switch item {
            case .range(let range): range.contains(scalar.value)
            case .digit(let wanted): (48...57).contains(scalar.value) == wanted
            case .word(let wanted): PatternSet.isWord(scalar) == wanted
            case .space(let wanted): scalar.properties.isWhitespace == wanted
            }
        }
    }

    static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        if scalar == "_" { return true }
        return scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
    }
}
