import Foundation

/// Takes the numbers that quantiles are asked of, in one scan thread. A *lane* has one cell for each interval; the
/// quantile of the whole lane is that of all its cells together.
///
/// Up to a limit numbers are kept. Beyond it they are given up and only counted: then the quantiles are found by
/// `QuantileSearch` in further scans, in which the sink counts what the search asks for.
struct QuantileSink: Sendable {
    let lanes: Int
    let intervals: Int
    /// Numbers by cell: `lane * intervals + interval`.
    private(set) var counts: [Int]
    private(set) var overflowed = false
    private(set) var searchCounts: [UInt32]
    private let search: QuantileSearch?
    private var limit: Int
    private var numbers: [Double] = []
    private var cells: [UInt32] = []

    /// Numbers that all threads of a query keep at most: 12 bytes each, and 8 more while they are sorted into cells.
    static let totalLimit = 12_000_000

    /// The share of one thread in what all may keep.
    static func limit(ofAll total: Int, in context: QueryContext) -> Int {
        let threads = context.threads ?? ProcessInfo.processInfo.activeProcessorCount
        return max(1, total / max(1, threads))
    }

    init(lanes: Int, intervals: Int, limit: Int, search: QuantileSearch? = nil) {
        self.lanes = lanes
        self.intervals = intervals
        self.limit = limit
        self.search = search
        counts = Array(repeating: 0, count: search == nil ? lanes * intervals : 0)
        searchCounts = search?.makeCounts() ?? []
    }

    @inline(__always)
    mutating func add(_ number: Double, _ lane: Int, _ interval: Int) {
        let cell = lane &* intervals &+ interval
        if let search {
            search.count(number, cell: cell, &searchCounts)
            search.count(number, cell: lanes &* intervals &+ lane, &searchCounts)
            return
        }
        counts[cell] &+= 1
        if numbers.count >= limit { return overflow() }
        numbers.append(number)
        cells.append(UInt32(truncatingIfNeeded: cell))
    }

    private mutating func overflow() {
        overflowed = true
        limit = 0
        numbers = []
        cells = []
    }

    /// The numbers of all sinks by cell: cell `c` has `numbers[starts[c]..<starts[c + 1]]`.
    static func gather(_ sinks: [QuantileSink], cells count: Int) -> (numbers: [Double], starts: [Int]) {
        var starts = [Int](repeating: 0, count: count + 1)
        for sink in sinks {
            for cell in sink.cells { starts[Int(cell) + 1] += 1 }
        }
        for cell in 0..<count { starts[cell + 1] += starts[cell] }
        var next = starts
        var numbers = [Double](repeating: 0, count: starts[count])
        for sink in sinks {
            for (number, cell) in zip(sink.numbers, sink.cells) {
                numbers[next[Int(cell)]] = number
                next[Int(cell)] += 1
            }
        }
        return (numbers, starts)
    }
}
