/// What collection asks about persons before it stores their events.
package protocol CollectionGate: Sendable {
    /// Whether there is anybody whose events are not to be stored. While it is false, nobody is asked about.
    var restrictsAnyone: Bool { get }

    /// About an id as the sender knows it. Called for every event, so it should answer from memory.
    func admission(of id: String) -> Admission
}

/// Whether a person's events may be stored.
package enum Admission: Sendable, Hashable {
    case admitted
    /// The person was deleted and must not come back.
    case suppressed
    /// The person refuses to be tracked. What they say about their consent is stored all the same.
    case refusesTracking
}

/// Everybody is admitted.
package struct OpenGate: CollectionGate {
    package init() {}
    package var restrictsAnyone: Bool { false }
    package func admission(of id: String) -> Admission { .admitted }
}
