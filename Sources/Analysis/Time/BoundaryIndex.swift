/// Finds the interval of a time among ascending boundaries, without a division or a search.
///
/// Time is cut into slots of a power of two milliseconds, shorter than the usual interval; a table tells which interval
/// holds the start of each slot, and whether it ends within the slot: only then times are compared with boundaries. The
/// shorter the slots, the seldomer that is, and the better a processor guesses it; the table should stay in its nearest
/// cache.
package struct BoundaryIndex: Sendable {
    /// Interval `i` is `boundaries[i]..<boundaries[i + 1]`, in milliseconds; ascending, repeats (empty intervals)
    /// allowed.
    @usableFromInline package let boundaries: [Int64]
    /// Twice the interval, and one more when it ends within the slot.
    @usableFromInline let slots: [Int32]
    @usableFromInline let shift: Int64

    /// Slots at most, unless more are needed for slots shorter than the usual interval: 16 KB of table.
    static let slotLimit = 4_096
    /// Slots of an interval that are enough.
    private static let slotsPerInterval = 64

    /// - Precondition: at least two boundaries, ascending.
    package init(_ boundaries: [Int64]) {
        precondition(boundaries.count >= 2, "an interval has two boundaries")
        precondition(zip(boundaries, boundaries.dropFirst()).allSatisfy { $0 <= $1 }, "boundaries ascend")
        self.boundaries = boundaries
        let first = boundaries[0]
        let span = boundaries[boundaries.count - 1] - first
        // Intervals at the ends may be cut short, so half of the mean stands for the usual length.
        let usual = max(1, span / Int64(boundaries.count - 1) / 2)
        var shift = Int64(63 - usual.leadingZeroBitCount)
        let limit = min(Self.slotLimit, Self.slotsPerInterval * boundaries.count)
        while shift > 0, span >> (shift - 1) < Int64(limit) { shift -= 1 }
        self.shift = shift
        var slots = [Int32](repeating: 0, count: Int(span >> shift) + 1)
        var interval = 0
        for slot in slots.indices {
            let time = first + Int64(slot) << shift
            while interval + 2 < boundaries.count, boundaries[interval + 1] <= time { interval += 1 }
            let end = time + (1 << shift)
            let isCut = interval + 2 < boundaries.count && boundaries[interval + 1] < end
            slots[slot] = Int32(interval << 1 | (isCut ? 1 : 0))
        }
        self.slots = slots
    }

    package var count: Int { boundaries.count - 1 }

    /// The table while a loop over rows runs: without the checks and the counting of references that arrays cost on
    /// every row.
    package struct View {
        @usableFromInline let boundaries: UnsafePointer<Int64>
        @usableFromInline let slots: UnsafePointer<Int32>
        @usableFromInline let first: Int64
        @usableFromInline let span: UInt64
        @usableFromInline let shift: UInt64

        @inlinable
        init(boundaries: UnsafePointer<Int64>, slots: UnsafePointer<Int32>, first: Int64, span: UInt64, shift: UInt64) {
            self.boundaries = boundaries
            self.slots = slots
            self.first = first
            self.span = span
            self.shift = shift
        }

        /// The end of an interval.
        @inlinable @inline(__always)
        package func end(of interval: Int) -> Int64 { boundaries[interval &+ 1] }

        /// See `BoundaryIndex.position(of:)`.
        @inlinable @inline(__always)
        package func position(of time: Int64) -> Int {
            // A time before the first boundary wraps around to a large offset.
            let offset = UInt64(bitPattern: time &- first)
            if offset >= span { return -1 }
            let slot = Int(slots[Int(truncatingIfNeeded: offset &>> shift)])
            var interval = slot &>> 1
            if slot & 1 != 0 {
                while boundaries[interval &+ 1] <= time { interval &+= 1 }
            }
            return interval
        }
    }

    /// The view is valid inside `body` only.
    @inlinable
    package func withView<Value>(_ body: (View) throws -> Value) rethrows -> Value {
        try boundaries.withUnsafeBufferPointer { boundaries in
            try slots.withUnsafeBufferPointer { slots in
                // There are at least two boundaries and one slot, so neither buffer is empty.
                guard let start = boundaries.baseAddress, let table = slots.baseAddress else {
                    preconditionFailure("an index without boundaries")
                }
                let first = boundaries[0]
                let span = UInt64(bitPattern: boundaries[boundaries.count &- 1] &- first)
                return try body(
                    View(
                        boundaries: start, slots: table, first: first, span: span,
                        shift: UInt64(truncatingIfNeeded: shift)))
            }
        }
    }

    /// The number of the interval that holds `time`, or -1 when none does. Of empty intervals, none holds anything.
    ///
    /// - Complexity: O(1) for intervals of about equal length.
    @inlinable
    package func position(of time: Int64) -> Int {
        let first = boundaries[0]
        guard time >= first, time < boundaries[boundaries.count &- 1] else { return -1 }
        var interval = Int(slots[Int((time &- first) &>> shift)] &>> 1)
        while boundaries[interval &+ 1] <= time { interval &+= 1 }
        return interval
    }
}
