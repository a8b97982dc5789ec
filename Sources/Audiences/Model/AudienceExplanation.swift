/// Why a person is in an audience or not: the predicate as a tree, each part with its value.
package struct AudienceExplanation: Sendable, Hashable, Codable {
    package struct Words: Sendable, Hashable, Codable {
        package var en: String
        package var ko: String

        package init(en: String, ko: String) {
            self.en = en
            self.ko = ko
        }
    }

    package struct Part: Sendable, Hashable, Codable {
        /// `and`, `or`, `not`, or `condition`.
        package var kind: String
        /// The part as text of a predicate.
        package var text: String
        package var holds: Bool
        /// What was found, and what was needed.
        package var found: Words
        package var parts: [Part]
    }

    package var audience: String
    package var person: String
    /// Whether the person is stored as a member, and since when (milliseconds UTC).
    package var isMember: Bool
    package var since: Int64?
    /// Whether the predicate holds at this moment; nil for a static audience.
    package var holds: Bool?
    /// When time alone may change that: milliseconds UTC, nil for never.
    package var nextChange: Int64?
    /// False when the person refuses profiling, and therefore is in no audience with a predicate.
    package var mayBeProfiled: Bool
    /// Nil for a static audience.
    package var predicate: Part?
}

/// A look at an audience before it is saved.
package struct AudiencePreview: Sendable, Hashable, Codable {
    /// Members, exactly or about.
    package var size: Int
    package var isExact: Bool
    /// Of an estimate, the interval that holds the size with 95% confidence.
    package var low: Int
    package var high: Int
    /// All persons.
    package var persons: Int
    /// Some members.
    package var sample: [String]
    package var seconds: Double
}
