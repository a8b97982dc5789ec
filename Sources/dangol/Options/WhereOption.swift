import Analysis
import ArgumentParser

/// Conditions on properties in a short form.
struct WhereOption: ParsableArguments {
    @Option(
        name: .customLong("where"), parsing: .singleValue,
        help: ArgumentHelp(
            "Only events whose property meets this; repeat for several, which must all hold.", valueName: "condition"))
    var conditions: [String] = []

    static let syntax = """
        Conditions: city=Seoul, "city=Seoul|Busan" (any of them), plan!=free, "total>=100", "total<20", "name~^A" (regular expression), \
        "name!~x", coupon:set, coupon:unset.
        """

    /// - Throws: `Failure` naming the condition that cannot be read.
    func filters() throws -> [Filter] { try conditions.map(WhereOption.parse) }

    private static let operators: [(sign: String, op: FilterOperator)] = [
        ("!=", .notEquals), (">=", .greaterOrEqual), ("<=", .lessOrEqual), ("!~", .notRegex), ("=", .equals),
        (">", .greater), ("<", .less), ("~", .regex),
    ]

    static func parse(_ text: String) throws -> Filter {
        if text.hasSuffix(":set") {
            return .test(FilterTest(subject: .property(String(text.dropLast(4))), op: .isSet, values: []))
        }
        if text.hasSuffix(":unset") {
            return .test(FilterTest(subject: .property(String(text.dropLast(6))), op: .isNotSet, values: []))
        }
        // The first sign in the text separates; of two that start at one place the longer.
        let found = operators.compactMap { sign, op in text.firstRange(of: sign).map { ($0, op) } }
        let first = found.min { ($0.0.lowerBound, $1.0.upperBound) < ($1.0.lowerBound, $0.0.upperBound) }
        guard let (place, op) = first, place.lowerBound > text.startIndex else {
            throw Failure.usage("--where: '\(text)' is no condition. \(syntax)")
        }
        let name = String(text[..<place.lowerBound])
        let value = String(text[place.upperBound...])
        return .test(FilterTest(subject: .property(name), op: op, values: try values(value, op, text)))
    }

    private static func values(_ text: String, _ op: FilterOperator, _ condition: String) throws -> [FilterValue] {
        switch op {
        case .greater, .greaterOrEqual, .less, .lessOrEqual:
            guard let number = NumberText.parse(text) else {
                throw Failure.usage("--where: '\(condition)' compares with '\(text)', which is no number")
            }
            return [.number(number)]
        case .regex, .notRegex:
            return [.string(text)]
        default:
            // Whether a property holds 10 or "10", the shell cannot tell: look for both.
            return text.split(separator: "|", omittingEmptySubsequences: false).flatMap { piece -> [FilterValue] in
                let piece = String(piece)
                var values: [FilterValue] = [.string(piece)]
                if let number = NumberText.parse(piece) { values.append(.number(number)) }
                if piece == "true" || piece == "false" { values.append(.boolean(piece == "true")) }
                return values
            }
        }
    }
}
