/// The merges that a source asks for, each once.
struct Merges {
    private(set) var list: [Merge] = []
    /// Requests that named an id of the block list.
    private(set) var refused = 0
    private var seen: Set<Merge> = []

    /// Notes that the ids belong to one person.
    ///
    /// - Throws: `EventLogError` for an id that is longer than an id may be.
    mutating func add(alias: UnsafeRawBufferPointer, person: UnsafeRawBufferPointer) throws {
        for id in [alias, person] where id.count > Limits.personIDBytes {
            throw EventLogError.limit("a person's id of \(id.count) bytes; at most \(Limits.personIDBytes) are allowed")
        }
        let merge = Merge(
            alias: String(decoding: alias, as: UTF8.self), person: String(decoding: person, as: UTF8.self))
        if merge.isTrivial { return }
        if BlockedIDs.contains(merge.alias) || BlockedIDs.contains(merge.person) {
            refused += 1
        } else if seen.insert(merge).inserted {
            list.append(merge)
        }
    }
}
