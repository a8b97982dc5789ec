import Glibc

/// A set of byte strings, numbered from 0 in the order of their first appearance.
///
/// Open addressing over one arena of bytes: no allocation per entry, and no Swift string is built.
package struct ByteInterner: Sendable {
    package private(set) var hashes: [UInt64] = []
    /// `ends[i]` is where entry `i` ends in `arena`; it begins where the one before ends.
    package private(set) var ends: [Int] = []
    package private(set) var arena: [UInt8] = []
    /// Entry number plus one in the low half, the high half of its hash in the high half; 0 is an empty slot. The
    /// count is
    /// a power of two.
    private var slots: [UInt64] = []
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
        let slot = slot(hash, bytes)
        let stored = slots[slot]
        if stored != 0 { return UInt32(truncatingIfNeeded: stored) &- 1 }
        let index = ends.count
        arena.append(contentsOf: bytes)
        ends.append(arena.count)
        hashes.append(hash)
        slots[slot] = Self.entry(index, hash)
        return UInt32(truncatingIfNeeded: index)
    }

    /// The number of these bytes when they are in the set.
    package func number(of bytes: UnsafeRawBufferPointer) -> UInt32? {
        guard !slots.isEmpty else { return nil }
        let stored = slots[slot(key.hash(bytes), bytes)]
        return stored == 0 ? nil : UInt32(truncatingIfNeeded: stored) &- 1
    }

    /// The slot that holds the bytes, or the empty one where they belong.
    private func slot(_ hash: UInt64, _ bytes: UnsafeRawBufferPointer) -> Int {
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let stored = slots[slot]
            if stored == 0 { return slot }
            if (stored ^ hash) &>> 32 == 0, equals(Int(truncatingIfNeeded: stored & 0xffff_ffff) &- 1, bytes) {
                return slot
            }
            slot = (slot &+ 1) & mask
        }
    }

    private static func entry(_ index: Int, _ hash: UInt64) -> UInt64 {
        (hash & 0xffff_ffff_0000_0000) | UInt64(UInt32(index &+ 1))
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
        guard let base = bytes.baseAddress, bytes.count > 0 else { return true }
        return arena.withUnsafeBytes { arena in
            guard let known = arena.baseAddress else { return false }
            return memcmp(known + start, base, bytes.count) == 0
        }
    }

    private mutating func grow() {
        let capacity = max(16, slots.count * 2)
        slots = [UInt64](repeating: 0, count: capacity)
        let mask = capacity - 1
        for (index, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot &+ 1) & mask }
            slots[slot] = Self.entry(index, hash)
        }
    }
}
