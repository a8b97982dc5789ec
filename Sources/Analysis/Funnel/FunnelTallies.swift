/// The numbers of a funnel in one scan thread, for each of some groups of units. A fold owns it.
final class FunnelTallies: @unchecked Sendable {
    // One thread at a time owns the fold. The cells lie in memory of their own, because one is written for every step
    // of every unit: arrays in arrays would be checked for uniqueness each time.

    /// A step of a group.
    private struct Cell {
        /// Units that filled the step.
        var count = 0
        /// The times since the step before it that was filled, in milliseconds, one for each unit that has both.
        var durations = TimeList()
    }

    let stepCount: Int
    private(set) var groupCount = 0
    /// By group and step; of each group the last is no step, but the times between the steps of the histogram.
    private var cells: UnsafeMutablePointer<Cell>
    private var capacity = 1

    init(stepCount: Int) {
        self.stepCount = stepCount
        cells = .allocate(capacity: stepCount + 1)
    }

    deinit {
        for cell in 0..<groupCount * width { cells[cell].durations.deallocate() }
        cells.deallocate()
    }

    private var width: Int { stepCount + 1 }

    /// Counts a unit.
    ///
    /// - Parameter times: when it filled each step, in milliseconds; `FunnelOutcome.unfilled` where it did not.
    @inline(__always)
    func add(_ times: UnsafePointer<Int64>, to group: Int, conversion: (from: Int, to: Int)?) {
        if group >= groupCount { makeGroups(group + 1) }
        let own = cells + group &* width
        var previous = FunnelOutcome.unfilled
        for step in 0..<stepCount {
            let time = times[step]
            if time == FunnelOutcome.unfilled { continue }
            own[step].count &+= 1
            if previous != FunnelOutcome.unfilled { own[step].durations.append(time &- previous) }
            previous = time
        }
        guard let conversion, times[conversion.from] != FunnelOutcome.unfilled,
            times[conversion.to] != FunnelOutcome.unfilled
        else { return }
        own[stepCount].durations.append(times[conversion.to] &- times[conversion.from])
    }

    func add(_ outcome: FunnelOutcome, to group: Int, conversion: (from: Int, to: Int)?) {
        outcome.times.withUnsafeBufferPointer { times in
            if let times = times.baseAddress { add(times, to: group, conversion: conversion) }
        }
    }

    private func makeGroups(_ count: Int) {
        if count > capacity {
            capacity = max(count, 2 * capacity)
            let moved = UnsafeMutablePointer<Cell>.allocate(capacity: capacity * width)
            moved.moveInitialize(from: cells, count: groupCount * width)
            cells.deallocate()
            cells = moved
        }
        (cells + groupCount * width).initialize(repeating: Cell(), count: (count - groupCount) * width)
        groupCount = count
    }

    func count(_ group: Int, step: Int) -> Int { cells[group * width + step].count }

    fileprivate func durations(_ group: Int, step: Int) -> UnsafeBufferPointer<Int64> {
        cells[group * width + step].durations.values
    }
}

/// Times one after another, for whoever frees them.
private struct TimeList {
    private var base: UnsafeMutablePointer<Int64>?
    private var count = 0
    private var capacity = 0

    var values: UnsafeBufferPointer<Int64> { UnsafeBufferPointer(start: base, count: count) }

    @inline(__always)
    mutating func append(_ time: Int64) {
        if count == capacity { grow() }
        base.unsafelyUnwrapped[count] = time
        count &+= 1
    }

    private mutating func grow() {
        capacity = max(64, 2 * capacity)
        let moved = UnsafeMutablePointer<Int64>.allocate(capacity: capacity)
        if let base {
            moved.moveInitialize(from: base, count: count)
            base.deallocate()
        }
        base = moved
    }

    func deallocate() { base?.deallocate() }
}

/// Groups of several threads as one. Their durations stay where they are.
struct FunnelTotals: Sendable {
    private var parts: [(tallies: FunnelTallies, group: Int)] = []

    mutating func add(_ tallies: FunnelTallies, _ group: Int) { parts.append((tallies, group)) }

    /// Units that filled a step.
    func count(_ step: Int) -> Int { parts.reduce(0) { $0 + $1.tallies.count($1.group, step: step) } }

    /// The times since the step before that was filled.
    func durations(_ step: Int) -> Durations {
        Durations(
            parts: parts.map { $0.tallies.durations($0.group, step: step) }.filter { !$0.isEmpty },
            owners: parts.map(\.tallies))
    }

    /// The times between the steps of the histogram.
    var conversions: Durations {
        parts.first.map { durations($0.tallies.stepCount) } ?? Durations(parts: [], owners: [])
    }
}

/// Durations in milliseconds, from several threads.
struct Durations: @unchecked Sendable {
    // The parts are written no more.
    let parts: [UnsafeBufferPointer<Int64>]
    /// Keep them.
    fileprivate let owners: [FunnelTallies]

    var count: Int { parts.reduce(0) { $0 + $1.count } }

    /// In seconds; nil without any.
    var mean: Double? {
        let sum = parts.reduce(0) { $1.reduce($0, &+) }
        return parts.isEmpty ? nil : Double(sum) / Double(count) / 1_000
    }

    /// In seconds; nil without any.
    var median: Double? { ExactQuantile.select(0.5, from: parts).map { $0 / 1_000 } }

    /// In seconds.
    var range: ClosedRange<Double>? {
        guard let shortest = parts.compactMap({ $0.min() }).min(), let longest = parts.compactMap({ $0.max() }).max()
        else { return nil }
        return Double(shortest) / 1_000...Double(longest) / 1_000
    }
}

/// Up to `limit` persons with the smallest hashes: the same ones whatever the order of the scan.
struct PersonSample: Sendable {
    private let limit: Int
    /// Ascending by hash.
    private(set) var persons: [(hash: UInt64, id: String)] = []

    init(limit: Int) {
        self.limit = limit
    }

    /// Whether a person with this hash would be taken.
    func wants(_ hash: UInt64) -> Bool {
        if persons.count == limit, let last = persons.last, last.hash <= hash { return false }
        let place = persons.partitioningIndex { $0.hash >= hash }
        return place == persons.count || persons[place].hash != hash
    }

    mutating func add(_ hash: UInt64, _ id: String) {
        guard wants(hash) else { return }
        persons.insert((hash, id), at: persons.partitioningIndex { $0.hash >= hash })
        if persons.count > limit { persons.removeLast() }
    }

    mutating func add(_ other: PersonSample) {
        for person in other.persons { add(person.hash, person.id) }
    }

    var ids: [String] { persons.map(\.id) }
}
