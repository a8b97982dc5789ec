import EventLog

/// Persons as the tables have them, kept from batch to batch so that an event of a known person costs no query.
///
/// Good only for the position at which it was left: a transaction that was dropped, or another writer, starts it anew.
struct PeopleCache: Sendable {
    /// An id, and where its person lies in `drafts`.
    struct Entry: Sendable {
        var slot: Int
        var isUser: Bool
    }

    /// Beyond this many persons it starts anew: about 300 bytes each.
    static let maxPersons = 65_536

    /// The position of the projection, and the count of deletions, that it is good for.
    var position: UInt64?
    var generation: Int64 = -1
    var entries: [ExactID: Entry] = [:]
    var drafts: [PersonDraft] = []
    /// Where a person lies in `drafts`, by number.
    var slots: [Int64: Int] = [:]
    /// Pairs that were taken apart by hand.
    var apart: [(alias: ExactID, person: ExactID)] = []
    var suppressions = Suppressions()

    mutating func clear() {
        entries.removeAll(keepingCapacity: true)
        drafts.removeAll(keepingCapacity: true)
        slots.removeAll(keepingCapacity: true)
        apart = []
        position = nil
        generation = -1
    }
}
