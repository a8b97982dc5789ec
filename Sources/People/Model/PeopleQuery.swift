package import EventLog

/// Which persons to list.
package struct PeopleQuery: Sendable, Hashable {
    package enum Sort: String, Sendable, Hashable, CaseIterable {
        case lastSeen
        case created
        case name
        case events
    }

    /// A condition on a trait.
    package struct TraitFilter: Sendable, Hashable {
        package enum Test: Sendable, Hashable {
            case equals(PropertyValue)
            case oneOf([PropertyValue])
            /// Numbers and times, bounds included.
            case between(Double?, Double?)
            case exists
            case missing
        }

        package var trait: String
        package var test: Test

        package init(_ trait: String, _ test: Test) {
            self.trait = trait
            self.test = test
        }
    }

    /// Finds persons whose id, name, address or any text of a trait contains it; letters of either case. An id in whole
    /// is found too when it is one that a library made up.
    package var text: String?
    package var traits: [TraitFilter] = []
    package var role: PersonRole?
    package var isIdentified: Bool?
    package var group: GroupID?
    /// Only persons with one of these canonical ids, such as the members of an audience.
    package var among: [String]?
    /// Last seen at this time (milliseconds UTC) or after, or before.
    package var seenFrom: Int64?
    package var seenBefore: Int64?
    package var sort = Sort.lastSeen
    package var ascending = false
    /// From 1 to 500.
    package var limit = 50
    /// Of the page before.
    package var cursor: String?

    package static let limits = 1...500
    package static let maxTextLength = 200
    package static let maxFilters = 20

    package init() {}
}

/// Some of the persons that were asked for.
package struct PeoplePage: Sendable, Hashable {
    package var persons: [PersonSummary]
    /// For the next page; nil at the end.
    package var cursor: String?
}

/// One line of a list.
package struct PersonSummary: Sendable, Hashable {
    package var key: String
    package var canonicalID: String
    package var name: String?
    package var email: String?
    package var phone: String?
    package var role: PersonRole
    package var isIdentified: Bool
    package var events: Int
    /// Milliseconds UTC; nil for a person who was never there, only imported.
    package var lastSeen: Int64?
    package var created: Int64
}

/// What audiences and queries want to know of a person, without what only a profile shows.
package struct PersonFacts: Sendable, Hashable {
    package var canonicalID: String
    package var key: String
    package var traits: [String: PropertyValue]
    package var groups: [GroupID]
    package var consents: ConsentRules
    package var timeZone: String?
    package var locale: String?
    package var firstSeen: Int64?
    package var lastSeen: Int64?
    package var isIdentified: Bool

    package var role: PersonRole { PersonRole(trait: traits[PersonRole.trait]) }
}

extension ConsentRules: Hashable {
    package static func == (a: ConsentRules, b: ConsentRules) -> Bool {
        a.statements == b.statements && a.defaults == b.defaults
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(statements) }
}
