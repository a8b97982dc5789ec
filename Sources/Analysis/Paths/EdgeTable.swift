/// Counts and total times of edges, by open hashing of packed (step, source, target).
struct EdgeTable: Sendable {
    struct Slot: Sendable {
        /// `packed + 1`, so that 0 is free.
        var key: UInt64 = 0
        var count = 0
        /// Milliseconds.
        var time: Int64 = 0
    }

    /// Nodes of one thread are fewer.
    static let nodeLimit = 1 << 28

    private var slots = [Slot](repeating: Slot(), count: 1 << 12)
    private var shift: UInt64 = 64 - 12
    private(set) var count = 0

    /// - Complexity: O(1) expected.
    @inline(__always)
    mutating func add(step: Int, source: Int32, target: Int32, time: Int64) {
        let packed =
            UInt64(step) &<< 56 | UInt64(UInt32(bitPattern: source)) &<< 28 | UInt64(UInt32(bitPattern: target))
        add(packed &+ 1, 1, time)
    }

    @inline(__always)
    private mutating func add(_ key: UInt64, _ number: Int, _ time: Int64) {
        // Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4).
        var place = Int((key &* 0x9e37_79b9_7f4a_7c15) &>> shift)
        let mask = slots.count &- 1
        while true {
            let found = slots[place].key
            if found == key {
                slots[place].count &+= number
                slots[place].time &+= time
                return
            }
            if found == 0 { break }
            place = (place &+ 1) & mask
        }
        slots[place] = Slot(key: key, count: number, time: time)
        count &+= 1
        if count &* 2 > slots.count { grow() }
    }

    private mutating func grow() {
        let old = slots
        shift -= 1
        count = 0
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        for slot in old where slot.key != 0 { add(slot.key, slot.count, slot.time) }
    }

    /// Calls `body` with each edge.
    func visitEdges(_ body: (_ step: Int, _ source: Int, _ target: Int, _ count: Int, _ time: Int64) -> Void) {
        let mask = UInt64(EdgeTable.nodeLimit - 1)
        for slot in slots where slot.key != 0 {
            let packed = slot.key - 1
            body(Int(packed >> 56), Int(packed >> 28 & mask), Int(packed & mask), slot.count, slot.time)
        }
    }
}
