/// The message ids of a batch in the order of their hashes, so that they are looked for in sorted lists in one go.
struct MessageOrder: Sendable {
    private struct Item {
        var hash: UInt64
        /// Which of the batch's message ids.
        var entry: UInt32
    }

    /// Ascending, each once.
    private(set) var hashes: [UInt64]
    /// For each of `hashes` the first message id of the batch that has it.
    private(set) var entries: [UInt32]
    /// Message ids that came before in the batch.
    private(set) var repeated: [UInt32] = []

    /// - Complexity: O(count)
    init(_ batchHashes: [UInt64]) {
        var items = batchHashes.enumerated().map { Item(hash: $1, entry: UInt32($0)) }
        HashSort.sort(&items) { $0.hash }
        hashes = []
        entries = []
        hashes.reserveCapacity(items.count)
        entries.reserveCapacity(items.count)
        for item in items {
            if item.hash == hashes.last, !hashes.isEmpty {
                repeated.append(item.entry)
            } else {
                hashes.append(item.hash)
                entries.append(item.entry)
            }
        }
    }
}

extension UnsafeBufferPointer<UInt64> {
    /// Calls `body` with the index of each of some `wanted` hashes that this list holds. Both are ascending.
    ///
    /// - Complexity: O(wanted * log(count / wanted)), and never more than O(wanted + count).
    func forEachShared(with wanted: UnsafeBufferPointer<UInt64>, _ body: (Int) -> Void) {
        guard !isEmpty, !wanted.isEmpty else { return }
        let ratio = count / wanted.count
        var place = 0
        for index in wanted.indices {
            let hash = wanted[index]
            if ratio < 16 {
                while place < count, self[place] < hash { place &+= 1 }
            } else {
                place = (place..<count).galloping(step: ratio) { self[$0] >= hash }
            }
            if place == count { return }
            if self[place] == hash { body(index) }
        }
    }
}
