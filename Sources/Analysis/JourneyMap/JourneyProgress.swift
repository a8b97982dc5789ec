import EventLog

/// Where one person has got to while their events come one after the other.
struct JourneyProgress: Sendable {
    /// A stage as the loop over rows needs it.
    struct Rule: Sendable {
        var occurrence: Int
        var after: Int?
        /// Milliseconds.
        var pause: Int64
    }

    private let rules: [Rule]
    /// By stage: the position of the row that reached it, or -1.
    private(set) var rows: [Int]
    /// By stage: when; meaningless where no row reached it.
    private(set) var times: [Int64]
    private var seen: [Int]
    /// Bits of the stages that are not reached yet.
    private(set) var open: UInt64

    init(_ rules: [Rule]) {
        self.rules = rules
        rows = rules.map { _ in -1 }
        times = rules.map { _ in 0 }
        seen = times.map { _ in 0 }
        open = 0
        clear()
    }

    mutating func clear() {
        open = (UInt64(1) << UInt64(rules.count)) &- 1
        for stage in rules.indices {
            rows[stage] = -1
            seen[stage] = 0
        }
    }

    /// - Parameter mask: bits of the stages whose selector the row fits and that are open.
    mutating func take(_ mask: UInt64, row: Int, time: Int64) {
        var bits = mask
        while bits != 0 {
            let stage = bits.trailingZeroBitCount
            bits &= bits &- 1
            let rule = rules[stage]
            if let after = rule.after {
                let reached = rows[after]
                if reached < 0 || reached == row || time &- times[after] < rule.pause { continue }
            }
            seen[stage] += 1
            if seen[stage] < rule.occurrence { continue }
            rows[stage] = row
            times[stage] = time
            open &= ~(UInt64(1) << UInt64(stage))
        }
    }

    /// The later stage that the person reaches next after a stage, of several at the same row the earliest.
    func next(after stage: Int) -> Int? {
        let from = rows[stage]
        var best: Int?
        for later in rules.indices where later > stage && rows[later] >= from {
            if best.map({ rows[later] < rows[$0] }) ?? true { best = later }
        }
        return best
    }
}

/// The last events before a stage, at most three, as one number: 16 bits for each, the latest in the lowest.
struct JourneyTrail: Sendable, Hashable {
    static let length = 3
    private static let none: UInt64 = 0xFFFF

    private(set) var bits: UInt64 = 0xFFFF_FFFF_FFFF

    /// The names' numbers between two rows, repeats drawn together.
    init(_ rows: UnsafeBufferPointer<Row>, between first: Int, and last: Int) {
        var position = last - 1
        var place: UInt64 = 0
        var previous: UInt16?
        while position > first, place < UInt64(Self.length) {
            let code = rows[position].code
            if code != previous {
                bits &= ~(Self.none << (16 * place))
                bits |= UInt64(code) << (16 * place)
                place += 1
                previous = code
            }
            position -= 1
        }
    }

    /// In the order in which they happened.
    var codes: [UInt16] {
        (0..<UInt64(Self.length)).reversed().compactMap { place in
            let code = bits >> (16 * place) & Self.none
            return code == Self.none ? nil : UInt16(code)
        }
    }
}
