package import EventLog

/// What a set of audiences wants to know about persons beside their events: only that is asked for.
package struct FactNeeds: Sendable, Hashable {
    /// Answered in this order in `PersonFacts.traits`.
    package var traits: [String] = []
    /// Answered in this order in `PersonFacts.consents`.
    package var consents: [ConsentQuestion] = []
    package var roles = false
    package var groups = false
    /// Answered in this order in `GroupFacts.traits`.
    package var groupTraits: [String] = []
    package var timeZone = false

    package init() {}
}

package struct GroupFacts: Sendable, Hashable {
    /// `company`
    package var kind: String
    package var id: String
    package var traits: [PropertyValue?]

    package init(kind: String, id: String, traits: [PropertyValue?] = []) {
        self.kind = kind
        self.id = id
        self.traits = traits
    }
}

/// What is known about one person beside the events.
package struct PersonFacts: Sendable, Hashable {
    /// The canonical id in the log.
    package var person: String
    package var traits: [PropertyValue?]
    package var consents: [Bool]
    package var roles: [String]
    package var groups: [GroupFacts]
    /// An IANA name; nil is the workspace's.
    package var timeZone: String?
    /// False when the person refuses profiling: then no audience with a predicate holds them.
    package var mayBeProfiled: Bool

    package init(
        person: String, traits: [PropertyValue?] = [], consents: [Bool] = [], roles: [String] = [],
        groups: [GroupFacts] = [], timeZone: String? = nil, mayBeProfiled: Bool = true
    ) {
        self.person = person
        self.traits = traits
        self.consents = consents
        self.roles = roles
        self.groups = groups
        self.timeZone = timeZone
        self.mayBeProfiled = mayBeProfiled
    }
}

/// The persons of a workspace. Called from several threads.
package protocol PersonFactsSource: Sendable {
    /// Calls `body` with every person once, in any order.
    func forEachPerson(_ needs: FactNeeds, _ body: (PersonFacts) throws -> Void) throws

    /// The facts of those of these canonical ids that are persons.
    func facts(of persons: [String], _ needs: FactNeeds) throws -> [PersonFacts]

    /// Up to `count` persons, each as likely as any other as far as that is quick, and how many there are.
    func sample(_ count: Int, _ needs: FactNeeds) throws -> (persons: [PersonFacts], total: Int)
}

/// The histories of persons. `EventLog` is one.
package protocol EventHistory: Sendable {
    func snapshot() throws -> Snapshot
    /// A snapshot that is good for one person only.
    func view(of person: String) throws -> Snapshot
}

extension EventLog: EventHistory {}
