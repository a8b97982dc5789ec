/// What a batch of events changed, for those who follow persons.
///
/// Persons are named by canonical id.
package struct PeopleChanges: Sendable, Hashable {
    /// Persons of whom a fact changed: traits, consents, groups, time zone, ids.
    package var changed: Set<String> = []
    /// Persons who are now part of another, in order.
    package var merged: [Merged] = []
    /// Persons who were taken out of another, in order. Both are in `changed`.
    package var split: [Merged] = []
    /// Groups whose traits changed: facts of all of their members.
    package var groups: Set<GroupID> = []
    /// Ids whose tracking was refused (true) or is allowed again, for the gate of collection.
    package var tracking: [String: Bool] = [:]
    /// Redirects that the log has yet to follow: see `PeopleService.pendingLogChanges`.
    package var logChanges = 0
    /// Events that were left out because their person was deleted.
    package var suppressedEvents = 0

    package struct Merged: Sendable, Hashable {
        /// The canonical id of the person who is no more (of a split: who is again).
        package var person: String
        package var into: String

        package init(person: String, into: String) {
            self.person = person
            self.into = into
        }
    }

    package init() {}

    /// Joins what two batches changed, this one first.
    package mutating func formUnion(_ later: PeopleChanges) {
        changed.formUnion(later.changed)
        merged += later.merged
        split += later.split
        groups.formUnion(later.groups)
        tracking.merge(later.tracking) { _, new in new }
        logChanges += later.logChanges
        suppressedEvents += later.suppressedEvents
    }
}

/// A redirect that the log must follow: see `PeopleService.pendingLogChanges`.
package struct LogChange: Sendable, Hashable {
    package enum Kind: Int, Sendable, Hashable {
        /// `log.merge(alias, into: person)`.
        case merge = 0
        /// `log.split(alias)`; that it is not merged is no error.
        case split = 1
    }

    /// Rises; changes are carried out in this order.
    package var number: Int64
    package var kind: Kind
    package var alias: String
    /// Empty for a split.
    package var person: String

    package init(number: Int64, kind: Kind, alias: String, person: String) {
        self.number = number
        self.kind = kind
        self.alias = alias
        self.person = person
    }
}
