/// Decisions on their way to a reward, at most `BanditLimits.waiting`: the oldest go first.
struct WaitingTrials: Sendable, Hashable, Codable {
    struct Trial: Sendable, Hashable, Codable {
        var action: String
        var subject: String
        /// Nil for policies that look at none.
        var features: SparseFeatures?
        var made: Int64
        var shown: Int64?
        /// The reward that the policy has learned; nil before.
        var learned: Double?
    }

    private struct Due: Sendable, Hashable, Codable {
        var id: String
        var time: Int64
    }

    private var trials: [String: Trial] = [:]
    /// In the order in which they were made, and shown.
    private var made = Queue<String>()
    private var due = Queue<Due>()

    var count: Int { trials.count }
    subscript(id: String) -> Trial? { trials[id] }

    /// - Returns: what had to make room.
    mutating func add(_ id: String, _ trial: Trial) -> [Trial] {
        // A decision that is told twice is one.
        guard trials[id] == nil else { return [] }
        trials[id] = trial
        made.append(id)
        var gone: [Trial] = []
        while trials.count > BanditLimits.waiting, let oldest = made.popFirst() {
            if let trial = trials.removeValue(forKey: oldest) { gone.append(trial) }
        }
        return gone
    }

    mutating func shown(_ id: String, at time: Int64, due end: Int64) {
        guard let trial = trials[id], trial.shown == nil else { return }
        trials[id]?.shown = time
        if trial.learned == nil { due.append(Due(id: id, time: end)) }
    }

    mutating func learned(_ id: String, _ reward: Double) { trials[id]?.learned = reward }

    /// The next one whose window has ended before `time`.
    mutating func popDue(before time: Int64) -> (id: String, trial: Trial)? {
        while let first = due.first, first.time <= time {
            due.removeFirst()
            if let trial = trials[first.id], trial.learned == nil { return (first.id, trial) }
        }
        return nil
    }

    mutating func forget(madeBefore time: Int64) {
        while let oldest = made.first, let trial = trials[oldest], trial.made < time {
            // What was shown late waits on.
            if trial.shown != nil, trial.learned == nil { return }
            made.removeFirst()
            trials[oldest] = nil
        }
    }
}

/// First in, first out.
struct Queue<Element: Codable & Sendable & Hashable>: Sendable, Hashable, Codable {
    private var elements: [Element] = []
    private var head = 0

    var count: Int { elements.count - head }
    var first: Element? { head < elements.count ? elements[head] : nil }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard let first else { return nil }
        removeFirst()
        return first
    }

    /// - Complexity: O(1) amortised
    mutating func removeFirst() {
        head += 1
        if head >= 1_024, head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
    }

    static func == (a: Queue, b: Queue) -> Bool { a.elements[a.head...] == b.elements[b.head...] }

    func hash(into hasher: inout Hasher) { hasher.combine(elements[head...]) }

    init() {}

    init(from decoder: any Decoder) throws { elements = try [Element](from: decoder) }

    func encode(to encoder: any Encoder) throws { try Array(elements[head...]).encode(to: encoder) }
}
