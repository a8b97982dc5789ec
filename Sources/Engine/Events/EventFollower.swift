package import EventLog

/// Gives out the events of a log that another process writes, each once, as they become visible.
///
/// Events come in the order of their sequence numbers, except that the events of an import may become visible after
/// later ones, because an import takes its numbers before it has written its events.
package struct EventFollower {
    private let log: EventLog
    private var next: UInt64
    /// Numbers below `next` that no event had when they were passed, ascending. The oldest are given up in favour of
    /// new ones: the numbers of removed events and of repeated messages stay empty for ever.
    private var gaps: [Range<UInt64>] = []
    private static let gapsMax = 64
    private static let page = 10_000

    /// - Parameters:
    ///   - log: open for reading.
    ///   - sequence: the first sequence number to give out.
    package init(log: EventLog, from sequence: UInt64) {
        self.log = log
        next = sequence
    }

    /// Hands over what has become visible since the last call, in pieces.
    ///
    /// - Returns: whether there was anything.
    /// - Throws: `EventLogError`; what `body` throws.
    /// - Complexity: O(manifest) when nothing is new, else that of `EventLog.refresh` and O(new events).
    package mutating func takeNew(_ body: ([StoredEvent]) throws -> Void) throws -> Bool {
        guard try log.refresh() else { return false }
        var found = false
        for gap in gaps {
            let late = try take(in: gap, body)
            if late.isEmpty { continue }
            found = true
            gaps.removeAll { $0 == gap }
            gaps += EventFollower.rest(of: gap, without: late)
        }
        gaps.sort { $0.lowerBound < $1.lowerBound }
        let events = try take(in: next ..< .max, body)
        if let last = events.last {
            found = true
            gaps += EventFollower.rest(of: next..<last + 1, without: events)
            next = last + 1
        }
        gaps.removeFirst(max(0, gaps.count - EventFollower.gapsMax))
        return found
    }

    /// Hands over the events of some numbers. Returns their numbers, ascending.
    private func take(in range: Range<UInt64>, _ body: ([StoredEvent]) throws -> Void) throws -> [UInt64] {
        var taken: [UInt64] = []
        var from = range.lowerBound
        while from < range.upperBound {
            let events = try log.tail(in: from..<range.upperBound, limit: EventFollower.page)
            guard let last = events.last else { break }
            try body(events)
            taken += events.map(\.sequence)
            from = last.sequence + 1
        }
        return taken
    }

    /// What is left of a range without some of its numbers.
    private static func rest(of range: Range<UInt64>, without taken: [UInt64]) -> [Range<UInt64>] {
        var rest: [Range<UInt64>] = []
        var from = range.lowerBound
        for number in taken {
            if number > from { rest.append(from..<number) }
            from = number + 1
        }
        if from < range.upperBound { rest.append(from..<range.upperBound) }
        return rest
    }
}
