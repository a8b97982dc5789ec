/// How a filter compares a value. A multi-valued property matches when any of its values does.
///
/// The negative operators are the exact complements of the positive ones: `not_equals` also holds for events that do
/// not have the property, and for a multi-valued one it holds when no value is equal.
package enum FilterOperator: String, Sendable, CaseIterable, Codable {
    /// The same text (canonically equivalent Unicode, so composed and decomposed Hangul are the same; case matters),
    /// number, boolean or time. A list of values means any of them.
    case equals
    case notEquals = "not_equals"
    /// Any of a list of values.
    case oneOf = "in"
    case notOneOf = "not_in"
    /// The text within the text, without regard to case or to how characters are composed.
    case contains
    case notContains = "not_contains"
    /// A regular expression found anywhere in the text; `^` and `$` anchor it.
    case regex
    case notRegex = "not_regex"
    /// Numbers, and texts that are wholly a decimal number.
    case greater = "gt"
    case greaterOrEqual = "gte"
    case less = "lt"
    case lessOrEqual = "lte"
    /// From the first number of two to the second, both included.
    case between
    case isSet = "is_set"
    case isNotSet = "is_not_set"
    /// Times, and texts that are wholly an ISO date or time. Before the start of a day, or before a moment.
    case dateBefore = "date_before"
    /// After the end of a day, or after a moment.
    case dateAfter = "date_after"
    /// From the start of the first day (or moment) to the end of the second.
    case dateBetween = "date_between"

    /// Whether this is the complement of `positive`.
    var isNegative: Bool {
        switch self {
        case .notEquals, .notOneOf, .notContains, .notRegex, .isNotSet: true
        default: false
        }
    }
}

/// A value that a filter compares with.
package enum FilterValue: Sendable, Hashable, Codable, CustomStringConvertible {
    case string(String)
    case number(Double)
    case boolean(Bool)

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .boolean(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else {
            throw QueryError(.wrongType, at: decoder.codingPath, "must be a text, a number, or true or false")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .string(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .boolean(let flag): try container.encode(flag)
        }
    }

    package var description: String {
        switch self {
        case .string(let text): text
        case .number(let number): NumberText.of(number)
        case .boolean(let flag): flag ? "true" : "false"
        }
    }
}

/// Numbers as people write them: `3`, not `3.0`.
package enum NumberText {
    package static func of(_ number: Double) -> String {
        if let whole = Int64(exactly: number), abs(whole) < 1 << 53 { return String(whole) }
        return "\(number)"
    }

    /// The number that a text wholly is, in decimal notation; nil for anything else (no `inf`, `nan`, hexadecimal).
    package static func parse(_ text: String) -> Double? {
        guard let first = text.utf8.first, (48...57).contains(first) || [43, 45, 46].contains(first),
            !text.utf8.contains(where: { $0 == 0x78 || $0 == 0x58 }), let number = Double(text), number.isFinite
        else { return nil }
        return number
    }
}
