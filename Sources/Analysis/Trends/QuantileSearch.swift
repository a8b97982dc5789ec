/// Exact quantiles of more values than memory should hold, in several scans: each scan counts, for every rank that is
/// looked for, the values in 2,048 equal parts of the key interval that must hold it, and so narrows the interval by 11
/// bits (the selection of Munro and Paterson, 1980, on the bits of doubles). Six scans settle 64 bits; memory is 8 KB
/// for each rank and thread.
struct QuantileSearch: Sendable {
    /// A rank that is looked for among the values of one cell.
    struct Target: Sendable {
        let cell: Int
        /// The rank from 0 among the values whose keys share `prefix`.
        var rank: Int
        /// The bits of the key that are known, the others 0.
        var prefix: UInt64 = 0
    }

    static let bits = 11

    private(set) var targets: [Target]
    /// The bits of the keys that are not known yet.
    private(set) var open = 64
    /// The targets of each cell: `first[cell]..<first[cell + 1]`.
    let first: [Int]

    /// Looks for the ranks of each cell; ascending by cell.
    init(_ ranks: [(cell: Int, rank: Int)], cells: Int) {
        targets = ranks.map { Target(cell: $0.cell, rank: $0.rank) }
        var first = [Int](repeating: 0, count: cells + 1)
        for target in targets { first[target.cell + 1] += 1 }
        for cell in 0..<cells { first[cell + 1] += first[cell] }
        self.first = first
    }

    var isDone: Bool { open == 0 }

    private var step: Int { min(Self.bits, open) }

    /// An integer that orders as the (finite) double does.
    static func key(_ number: Double) -> UInt64 {
        // Both zeroes are one value.
        let bits = (number == 0 ? 0.0 : number).bitPattern
        return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }

    static func number(_ key: UInt64) -> Double {
        Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
    }

    /// Counts of one scan: `target << bits + part`.
    func makeCounts() -> [UInt32] { Array(repeating: 0, count: targets.count << Self.bits) }

    func count(_ number: Double, cell: Int, _ counts: inout [UInt32]) {
        let key = Self.key(number)
        for index in first[cell]..<first[cell + 1] {
            if open < 64, (key ^ targets[index].prefix) >> UInt64(open) != 0 { continue }
            let part = Int(truncatingIfNeeded: key >> UInt64(open - step)) & (1 << step - 1)
            counts[index << Self.bits + part] += 1
        }
    }

    /// Takes the counts of all values, by thread, into account.
    mutating func narrow(_ threads: [[UInt32]]) {
        for index in targets.indices {
            var part = 0
            while true {
                let count = threads.reduce(0) { $0 + Int($1[index << Self.bits + part]) }
                if targets[index].rank < count { break }
                targets[index].rank -= count
                part += 1
            }
            targets[index].prefix |= UInt64(part) << UInt64(open - step)
        }
        open -= step
    }

    /// The value of each target, in the order in which they were given.
    var numbers: [Double] { targets.map { Self.number($0.prefix) } }
}
