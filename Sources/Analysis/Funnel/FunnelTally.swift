/// The numbers of one funnel, or of one value of its breakdown, in one scan thread.
struct FunnelTally: Sendable {
    /// Units that filled each step.
    var counts: [Int]
    /// For each step the times since the step before it that was filled, in seconds, one for each unit that has both.
    var durations: [[Double]]
    /// Times between the steps of the histogram, in seconds.
    var conversions: [Double] = []

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
            if previous != FunnelOutcome.unfilled { durations[step].append(Double(time - previous) / 1_000) }
            previous = time
        }
        guard let conversion, outcome.reaches(conversion.from), outcome.reaches(conversion.to) else { return }
        conversions.append(Double(outcome.times[conversion.to] - outcome.times[conversion.from]) / 1_000)
    }

    mutating func add(_ other: FunnelTally) {
        for step in counts.indices {
            counts[step] += other.counts[step]
            // The first part is shared rather than copied.
            if durations[step].isEmpty {
                durations[step] = other.durations[step]
            } else {
                durations[step] += other.durations[step]
            }
        }
        conversions += other.conversions
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
