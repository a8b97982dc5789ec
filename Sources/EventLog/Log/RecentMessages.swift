/// Hashes of the message ids that are in memory, for de-duplication. Sealed segments have their own.
struct RecentMessages: Sendable {
    /// Since the last seal began, and before it.
    private var current: Set<UInt64> = []
    private var previous: Set<UInt64> = []
    /// Of loads that are under way, ascending. A seal leaves them alone: what a load stores is in no seal.
    private var loads: [LoadClaim: [UInt64]] = [:]
    private var nextLoad: UInt64 = 0

    /// Names the hashes that a load has claimed.
    struct LoadClaim: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    init(_ state: LogState) {
        for rows in state.recent { current.formUnion(rows.batch.messageHashes) }
        current.formUnion(state.tail.batch.messageHashes)
    }

    /// - Returns: whether the hash is new.
    mutating func insert(_ hash: UInt64) -> Bool {
        if previous.contains(hash) { return false }
        for hashes in loads.values where hashes.withUnsafeBufferPointer({ $0.containsSorted(hash) }) { return false }
        return current.insert(hash).inserted
    }

    /// Of a message that was claimed and not stored; a seal may have begun since.
    mutating func remove(_ hash: UInt64) {
        current.remove(hash)
        previous.remove(hash)
    }

    /// Claims all of a load's hashes, known or not, until `endLoad`.
    ///
    /// - Parameter isKnown: gets true for each hash that is in memory already.
    /// - Complexity: O(hashes), beside loads that are under way O(hashes of all)
    mutating func beginLoad(_ order: MessageOrder, isKnown: inout [Bool]) -> LoadClaim {
        if !current.isEmpty || !previous.isEmpty {
            for (index, hash) in order.hashes.enumerated() where current.contains(hash) || previous.contains(hash) {
                isKnown[index] = true
            }
        }
        for hashes in loads.values { order.mark(sharedWith: hashes, &isKnown) }
        let claim = LoadClaim(number: nextLoad)
        nextLoad += 1
        loads[claim] = order.hashes
        return claim
    }

    /// The load's segment is part of the log, and its own hashes answer; or it has failed, and the ids are free again.
    mutating func endLoad(_ claim: LoadClaim) { loads[claim] = nil }

    /// A seal begins: what is there will be in a segment.
    mutating func beginSeal() {
        previous.formUnion(current)
        current = []
    }

    mutating func endSeal() { previous = [] }
}

extension MessageOrder {
    fileprivate func mark(sharedWith other: [UInt64], _ isKnown: inout [Bool]) {
        other.withUnsafeBufferPointer { mark(sharedWith: $0, &isKnown) }
    }

    /// Sets `isKnown` for the hashes that another ascending list holds.
    func mark(sharedWith other: UnsafeBufferPointer<UInt64>, _ isKnown: inout [Bool]) {
        hashes.withUnsafeBufferPointer { own in other.forEachShared(with: own) { isKnown[$0] = true } }
    }
}
