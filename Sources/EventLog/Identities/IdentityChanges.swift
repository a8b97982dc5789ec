/// The latest changes of identities, so that what was worked out for one state of them can be brought up to a later one
/// without looking at all ids.
struct IdentityChanges: Sendable {
    private struct Change: Sendable {
        /// Of the identities after the change.
        var version: UInt64
        /// Of the ids that may have to be read elsewhere since.
        var hashes: [UInt64]
    }

    /// Changes that are kept at least: more than come between two looks at a log in use.
    private static let kept = 512

    /// Of the identities before the first change that is kept.
    private var start: UInt64 = 0
    private var list: [Change] = []

    /// - Complexity: O(`kept`) when another value shares the list, else O(1) amortised.
    mutating func add(_ hashes: [UInt64], _ version: UInt64) {
        if list.count == 2 * Self.kept {
            start = list[Self.kept - 1].version
            list.removeFirst(Self.kept)
        }
        list.append(Change(version: version, hashes: hashes))
    }

    /// The hashes of all changes after a version; nil when no state of this line that is still known had it.
    func since(_ version: UInt64) -> [UInt64]? {
        if version == start { return list.flatMap(\.hashes) }
        // Versions ascend.
        let place = list.partitioningIndex { $0.version >= version }
        guard place < list.count, list[place].version == version else { return nil }
        return list[(place + 1)...].flatMap(\.hashes)
    }
}
