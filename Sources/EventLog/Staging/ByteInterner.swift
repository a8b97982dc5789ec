/// A set of byte strings, numbered from 0 in the order of their first appearance.
///
/// Open addressing over one arena of bytes: no allocation per entry, and no Swift string is built.
package struct ByteInterner: Sendable {
    package private(set) var hashes: [UInt64] = []
    /// `ends[i]` is where entry `i` ends in `arena`; it begins where the one before ends.
    package private(set) var ends: [Int] = []
    package private(set) var arena: [UInt8] = []
    /// Entry number plus one; 0 is an empty slot. The count is a power of two.
    private var slots: [UInt32] = []
    private let key: HashKey

    package init(key: HashKey) {
        self.key = key
    }

    package var count: Int { ends.count }

    /// The number of these bytes, new or old. The index of a new entry is the count before the call.
    ///
    /// - Complexity: O(length) on average.
    package mutating func intern(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        intern(bytes, hash: key.hash(bytes))
    }

    /// The same with the hash, which must be that of the bytes, known.
    mutating func intern(_ bytes: UnsafeRawBufferPointer, hash: UInt64) -> UInt32 {
        if (ends.count &+ 1) &* 4 > slots.count &* 3 { grow() }
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let stored = slots[slot]
            if stored == 0 { break }
            let index = Int(stored &- 1)
            if hashes[index] == hash, equals(index, bytes) { return UInt32(index) }
            slot = (slot &+ 1) & mask
        }
        let index = ends.count
        arena.append(contentsOf: bytes)
        ends.append(arena.count)
        hashes.append(hash)
        slots[slot] = UInt32(index &+ 1)
        return UInt32(index)
    }

    package mutating func intern(_ text: String) -> UInt32 {
        var text = text
        return text.withUTF8 { intern(UnsafeRawBufferPointer($0)) }
    }

    /// The bytes of entry `index`, valid inside `body`.
    package func withBytes<R>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        let start = index == 0 ? 0 : ends[index - 1]
        return try arena.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[start..<ends[index]])) }
    }

    package func string(_ index: Int) -> String {
        withBytes(index) { String(decoding: $0, as: UTF8.self) }
    }

    private func equals(_ index: Int, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let start = index == 0 ? 0 : ends[index &- 1]
        guard ends[index] &- start == bytes.count else { return false }
        return arena.withUnsafeBytes { arena in
            for i in 0..<bytes.count where arena[start &+ i] != bytes[i] { return false }
            return true
        }
    }

    private mutating func grow() {
        let capacity = max(16, slots.count * 2)
        slots = [UInt32](repeating: 0, count: capacity)
        let mask = capacity - 1
        for (index, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot &+ 1) & mask }
            slots[slot] = UInt32(index + 1)
        }
    }
}
