import EventLog

/// Persons as the tables have them, kept from batch to batch so that an event of a known person costs no query.
///
/// Good only for the position at which it was left: a transaction that was dropped, or another writer, starts it anew.
/// Persons who were not seen for long make room, a generation at a time.
struct PeopleCache: Sendable {
    /// An id, and where its person lies in `drafts`.
    struct Entry: Sendable {
        var slot: Int
        var isUser: Bool
    }

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
    /// The generation before: who is seen again comes over. What it says of a person who is in this one is out of date.
    private var older = Older()

    private struct Older: Sendable {
        var entries: [ExactID: Entry] = [:]
        var drafts: [PersonDraft] = []
        var slots: [Int64: Int] = [:]
    }

    /// Between batches: begins a new generation when this one has more persons. About 400 bytes each, twice so many.
    mutating func makeRoom(_ maxPersons: Int) {
        guard drafts.count > maxPersons else { return }
        older = Older(entries: entries, drafts: drafts, slots: slots)
        entries = [:]
        drafts = []
        slots = [:]
    }

    mutating func clear() {
        entries.removeAll(keepingCapacity: true)
        drafts.removeAll(keepingCapacity: true)
        slots.removeAll(keepingCapacity: true)
        older = Older()
        apart = []
        position = nil
        generation = -1
    }

    /// What is known of an id without asking the database.
    mutating func entry(_ id: ExactID) -> Entry? {
        if let known = entries[id] { return known }
        guard let old = older.entries.removeValue(forKey: id) else { return nil }
        let number = older.drafts[old.slot].number
        guard let slot = slot(number) else { return nil }
        let entry = Entry(slot: slot, isUser: old.isUser)
        entries[id] = entry
        return entry
    }

    /// Where the person of a number lies, when they are known.
    mutating func slot(_ number: Int64) -> Int? {
        if let slot = slots[number] { return slot }
        guard let old = older.slots.removeValue(forKey: number) else { return nil }
        let slot = drafts.count
        drafts.append(older.drafts[old])
        slots[number] = slot
        return slot
    }

    /// An id is another person's now.
    mutating func move(_ id: ExactID, to slot: Int) {
        if let old = entries[id] ?? older.entries.removeValue(forKey: id) {
            entries[id] = Entry(slot: slot, isUser: old.isUser)
        }
    }
}
