/// Hashes of the message ids that are in memory, for de-duplication. Sealed segments have their own.
struct RecentMessages: Sendable {
    /// Since the last seal began, and before it.
    private var current: Set<UInt64> = []
    private var previous: Set<UInt64> = []

    init(_ state: LogState) {
        for rows in state.recent { current.formUnion(rows.batch.messageHashes()) }
        current.formUnion(state.tail.batch.messageHashes())
    }

    func contains(_ hash: UInt64) -> Bool { current.contains(hash) || previous.contains(hash) }

    /// - Returns: whether the hash is new.
    mutating func insert(_ hash: UInt64) -> Bool {
        !previous.contains(hash) && current.insert(hash).inserted
    }

    /// Of a message that was claimed and not stored; a seal may have begun since.
    mutating func remove(_ hash: UInt64) {
        current.remove(hash)
        previous.remove(hash)
    }

    /// A seal begins: what is there will be in a segment.
    mutating func beginSeal() {
        previous.formUnion(current)
        current = []
    }

    mutating func endSeal() { previous = [] }
}
