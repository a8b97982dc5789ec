import EventLog

/// Which news of persons any audience looks at.
package struct AudienceInterest: Sendable, Hashable {
    /// No audience has a predicate, so nobody needs to be evaluated.
    package let isEmpty: Bool
    /// Nil: every event.
    let events: Set<String>?

    package func looks(at event: String) -> Bool {
        events?.contains(event) ?? !Vocabulary.administrative.contains(event)
    }
}
