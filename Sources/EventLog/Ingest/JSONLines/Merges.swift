/// The merges that a source asks for, each once.
struct Merges {
    /// Ids that stand for nobody: joining them to people would make one giant person (peers' block lists).
    private static let blocked: Set<String> = [
        "anonymous", "guest", "distinctid", "distinct_id", "id", "not_authenticated", "email", "undefined", "true",
        "false",
        "[object object]", "nan", "none", "null", "nil", "n/a", "na", "unknown", "{}", "0", "-1",
        "00000000-0000-0000-0000-000000000000",
    ]

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
        if Self.isBlocked(merge.alias) || Self.isBlocked(merge.person) {
            refused += 1
        } else if seen.insert(merge).inserted {
            list.append(merge)
        }
    }

    private static func isBlocked(_ id: String) -> Bool {
        blocked.contains(id.lowercased()) || id.allSatisfy(\.isWhitespace)
    }
}
