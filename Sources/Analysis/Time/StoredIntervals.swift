import EventLog

/// Finds the interval of a time of one chunk from what is stored for it: `BoundaryIndex` without putting the time
/// together first.
///
/// What is stored is cut into slots of a power of two; a table tells the interval of each slot, or that a boundary lies
/// within it: only then what is stored is compared with boundaries.
struct StoredIntervals {
    /// The least that is stored at each boundary or later.
    private let boundaries: [UInt64]
    /// Twice the interval's number from 1, 0 for none; or, one more, twice the boundaries up to the start of the slot,
    /// where another lies within.
    private let slots: [UInt16]
    private let shift: UInt64
    private let times: PackedIntegers

    /// Bits of a slot's number: a table of 2 or 8 KB, which stays in a processor's nearest cache.
    private static func slotBits(_ intervals: Int) -> Int { intervals <= 16 ? 10 : 12 }
    /// More would not fit a slot.
    static let intervalLimit = 16_000

    /// - Parameter range: times outside it lie in no interval; nil when there are none.
    /// - Precondition: at most `intervalLimit` intervals.
    init(_ index: BoundaryIndex, _ times: PackedIntegers, within range: Range<Int64>? = nil) {
        precondition(index.count <= Self.intervalLimit, "an interval's number fits a slot")
        self.times = times
        let boundaries = index.boundaries.map { boundary in
            times.stored(from: range.map { min(max(boundary, $0.lowerBound), $0.upperBound) } ?? boundary)
        }
        let limit = times.storedLimit
        let shift = UInt64(max(0, 64 - limit.leadingZeroBitCount - Self.slotBits(index.count)))
        var passed = 0
        slots = (0...limit >> shift).map { slot in
            let start = slot << shift
            while passed < boundaries.count, boundaries[passed] <= start { passed += 1 }
            let isCut = passed < boundaries.count && boundaries[passed] - start < 1 << shift
            if isCut { return UInt16(passed << 1 | 1) }
            return UInt16((passed == boundaries.count ? 0 : passed) << 1)
        }
        self.boundaries = boundaries
        self.shift = shift
    }

    /// The table while a loop over rows runs, without what arrays cost on every row.
    struct View {
        fileprivate let boundaries: UnsafeBufferPointer<UInt64>
        fileprivate let slots: UnsafePointer<UInt16>
        fileprivate let shift: UInt64
        fileprivate let times: PackedIntegers

        /// The number of the interval in which a row's time lies, from 1; 0 when it lies in none.
        @inline(__always)
        func number(ofRow row: Int) -> Int {
            let stored = times.stored(row)
            let slot = Int(slots[Int(truncatingIfNeeded: stored &>> shift)])
            return slot & 1 == 0 ? slot &>> 1 : number(of: stored, from: slot &>> 1)
        }

        @inline(never)
        private func number(of stored: UInt64, from passed: Int) -> Int {
            var passed = passed
            while passed < boundaries.count, boundaries[passed] <= stored { passed &+= 1 }
            return passed == boundaries.count ? 0 : passed
        }
    }

    /// The view is valid inside `body` only.
    @inline(__always)
    func withView<Value>(_ body: (View) throws -> Value) rethrows -> Value {
        try boundaries.withUnsafeBufferPointer { boundaries in
            try slots.withUnsafeBufferPointer { slots in
                guard let table = slots.baseAddress else { preconditionFailure("there is always a slot") }
                return try body(View(boundaries: boundaries, slots: table, shift: shift, times: times))
            }
        }
    }
}
