package import EventLog

/// A comparison of one value that is at hand, such as a trait of a person: the same as a filter's on a property.
package struct TraitMatcher: Sendable {
    private let matcher: ValueMatcher
    private let isNegative: Bool

    /// - Throws: `QueryError` for an invalid regular expression.
    package init(_ op: FilterOperator, _ values: [FilterValue], zone: ZoneName) throws {
        do {
            let test = FilterTest(subject: .person(""), op: op, values: values)
            matcher = try ValueMatcher(test, now: 0, zone: zone)
        } catch let failure as TextPattern.Failure {
            throw QueryError(.invalidValue, "value", failure.message)
        }
        isNegative = op.isNegative
    }

    /// Whether the comparison holds; nil is a value that is not there, which only negative operators accept.
    package func holds(_ value: PropertyValue?) -> Bool {
        (value.map(matcher.matches) ?? false) != isNegative
    }
}
