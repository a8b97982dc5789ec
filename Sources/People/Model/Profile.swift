package import EventLog

/// What is known about one person, as it is shown.
package struct Profile: Sendable, Hashable {
    /// For addresses of pages: tells nothing about the ids, is the same after a rebuild.
    package var key: String
    /// The id that the log reads the person's events under.
    package var canonicalID: String
    package var identities: [Identity]
    package var traits: [String: Trait]
    package var visit: Visits
    package var groups: [Group]
    package var devices: [Device]
    package var addresses: [Address]
    package var consents: [ConsentStatement]
    /// Merges that made this person, and those that were undone, oldest first.
    package var merges: [MergeRecord]

    package struct Identity: Sendable, Hashable {
        package var id: String
        package var key: String
        /// Known to be a user's id, not a device's.
        package var isUser: Bool
    }

    /// A group that the person belongs to.
    package struct Group: Sendable, Hashable {
        package var group: GroupID
        /// When the person joined, by the earliest event that says so.
        package var since: Int64
        package var traits: [String: PropertyValue]
    }

    /// The value of a trait, or nil.
    package subscript(trait: String) -> PropertyValue? { traits[trait]?.value }

    package var role: PersonRole { PersonRole(trait: self[PersonRole.trait]) }
    package var name: String? { SearchText.displayName { self[$0] } }
    package var isIdentified: Bool { identities.contains(where: \.isUser) }
}

/// Which side of the business a person is on.
package enum PersonRole: String, Sendable, Hashable, CaseIterable {
    case customer
    case partner

    /// The trait that says so.
    package static let trait = "role"

    /// A customer unless the trait says otherwise.
    package init(trait value: PropertyValue?) {
        if case .string(let text) = value, let role = PersonRole(rawValue: text.lowercased()) {
            self = role
        } else {
            self = .customer
        }
    }
}

/// A company, a household, a team.
package struct GroupID: Sendable, Hashable, Comparable {
    package var type: String
    package var id: String

    package static let defaultType = "company"

    package init(type: String, id: String) {
        self.type = type
        self.id = id
    }

    package static func < (a: GroupID, b: GroupID) -> Bool { (a.type, a.id) < (b.type, b.id) }
}

/// A device that the person's events came from.
package struct Device: Sendable, Hashable {
    package var id: String
    package var kind: String?
    package var model: String?
    package var system: String?
    /// The address for push messages.
    package var pushToken: String?
    package var firstTime: Int64
    package var lastTime: Int64
    /// Of the event that the descriptions are from: the latest by time, then sequence.
    package var sequence: UInt64
}

/// Where a person can be reached.
package struct Address: Sendable, Hashable, Comparable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case email
        case phone
        case push
    }

    package var kind: Kind
    /// Normalised: an e-mail address in lower case, a phone number as E.164, a push token as it came.
    package var value: String

    package init(_ kind: Kind, _ value: String) {
        self.kind = kind
        self.value = value
    }

    package static func < (a: Address, b: Address) -> Bool { (a.kind.rawValue, a.value) < (b.kind.rawValue, b.value) }
}

/// Two ids that an event made one person.
package struct MergeRecord: Sendable, Hashable {
    package enum Cause: Int, Sendable, Hashable {
        /// A user id came together with an anonymous id.
        case identified = 0
        /// An alias.
        case aliased = 1
        /// By hand.
        case merged = 2

        package var name: String {
            switch self {
            case .identified: "identified"
            case .aliased: "aliased"
            case .merged: "merged by hand"
            }
        }
    }

    package var alias: String
    package var person: String
    package var cause: Cause
    /// Of the event that caused it.
    package var sequence: UInt64
    package var time: Int64
    /// Of the event that undid it.
    package var splitSequence: UInt64?
    package var splitTime: Int64?
}

/// Merges that were asked for and refused, or splits that made no sense, counted.
package struct IdentityWarning: Sendable, Hashable {
    package enum Kind: Int, Sendable, Hashable, CaseIterable {
        /// The source belongs to an identified person already: a shared device, or an alias of two users.
        case alreadyIdentified = 0
        /// One of the ids stands for nobody (`null`, `guest`).
        case blocked = 1
        /// The person would have more ids than a person can have.
        case tooManyIDs = 2
        /// They were taken apart by hand.
        case keptApart = 3
        /// A split of ids that no merge joins.
        case nothingToSplit = 4

        package var name: String {
            switch self {
            case .alreadyIdentified: "already_identified"
            case .blocked: "blocked_id"
            case .tooManyIDs: "too_many_ids"
            case .keptApart: "kept_apart"
            case .nothingToSplit: "nothing_to_split"
            }
        }
    }

    package var kind: Kind
    package var alias: String
    package var person: String
    /// Events that asked for it.
    package var count: Int
    package var firstSequence: UInt64
    package var lastSequence: UInt64
    package var lastTime: Int64
}
