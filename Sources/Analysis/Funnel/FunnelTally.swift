/// The numbers of one funnel, or of one value of its breakdown, in one scan thread.
struct FunnelTally: Sendable {
    /// Units that filled each step.
    var counts: [Int]
    /// For each step the times since the step before it that was filled, in milliseconds, one for each unit that has
    /// both.
    var durations: [[Int64]]
    /// Times between the steps of the histogram, in milliseconds.
    var conversions: [Int64] = []

    init(stepCount: Int) {
        counts = Array(repeating: 0, count: stepCount)
        durations = Array(repeating: [], count: stepCount)
    }

    mutating func add(_ outcome: FunnelOutcome, conversion: (from: Int, to: Int)?) {
        var previous = FunnelOutcome.unfilled
        for step in counts.indices {
            let time = outcome.times[step]
            if time == FunnelOutcome.unfilled { continue }
            counts[step] += 1
            if previous != FunnelOutcome.unfilled { durations[step].append(time - previous) }
            previous = time
        }
        guard let conversion, outcome.reaches(conversion.from), outcome.reaches(conversion.to) else { return }
        conversions.append(outcome.times[conversion.to] - outcome.times[conversion.from])
    }
}

/// Several tallies as one. Their durations stay where they are.
struct FunnelTotals: Sendable {
    private(set) var counts: [Int]
    /// By step.
    private(set) var durations: [Durations]
    private(set) var conversions = Durations()

    init(stepCount: Int) {
        counts = Array(repeating: 0, count: stepCount)
        durations = Array(repeating: Durations(), count: stepCount)
    }

    mutating func add(_ tally: FunnelTally) {
        for step in counts.indices {
            counts[step] += tally.counts[step]
            durations[step].add(tally.durations[step])
        }
        conversions.add(tally.conversions)
    }
}

/// Durations in milliseconds, from several threads.
struct Durations: Sendable {
    private(set) var parts: [[Int64]] = []

    mutating func add(_ values: [Int64]) {
        if !values.isEmpty { parts.append(values) }
    }

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
