/// The full rule for ordered and strict funnels: follows every attempt from step to step. `FunnelShape` defines it.
///
/// - Complexity: O(events x steps + attempts x steps), and for instants with several events their matchings. Buffers
///   are kept from one history to the next.
package struct OrderedAttempts: Sendable {
    private let shape: FunnelShape
    private let last: Int
    /// When each attempt opened.
    private var openings: [Int64] = []
    /// The event that filled each required step: `[attempt x required steps + position]`.
    private var rows: [Int32] = []
    /// The attempts whose last filled step is at each position, the oldest first.
    private var standing: [[Int32]]
    /// Those that got there in this instant.
    private var arrived: [[Int32]]
    /// Attempts whose window has ended, and where they stood.
    private var ended: [(attempt: Int32, position: Int)] = []
    /// Kept for its memory.
    private var moving: [Int32] = []
    private var matching = InstantMatching()
    private var matchedRows: [Int32]
    private var best = Best()

    private struct Best: Sendable {
        var depth = -1
        var arrival = Int64.min
        var opening = Int64.min
        var rows: [Int32] = []
        var excludedDepth = -1
    }

    package init(_ shape: FunnelShape) {
        self.shape = shape
        last = shape.required.count - 1
        standing = Array(repeating: [], count: shape.required.count)
        arrived = standing
        matchedRows = Array(repeating: -1, count: shape.required.count)
    }

    /// - Parameters:
    ///   - events: of one history in time order. For a strict funnel with those that fit nothing.
    ///   - entry: when attempts may open.
    package mutating func evaluate(
        _ events: UnsafeBufferPointer<FunnelEvent>, entry: Range<Int64>, _ outcome: inout FunnelOutcome
    ) {
        clear()
        var low = 0
        while low < events.count {
            let time = events[low].time
            var high = low + 1
            while high < events.count, events[high].time == time { high += 1 }
            if high == low + 1 {
                advance(events[low], low, entry)
            } else {
                advance(events, low..<high, entry)
            }
            if !arrived[last].isEmpty {
                for attempt in arrived[last] { consider(attempt, last, events) }
                break
            }
            if !shape.exclusions.isEmpty { exclude(events, low..<high) }
            settle(events)
            low = high
        }
        for position in standing.indices {
            for attempt in standing[position] { consider(attempt, position, events) }
        }
        report(events, &outcome)
    }

    private mutating func clear() {
        openings.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        for position in standing.indices {
            standing[position].removeAll(keepingCapacity: true)
            arrived[position].removeAll(keepingCapacity: true)
        }
        ended.removeAll(keepingCapacity: true)
        best.depth = -1
        best.excludedDepth = -1
    }

    private func isOpen(_ attempt: Int32, at time: Int64) -> Bool {
        time - openings[Int(attempt)] <= shape.window
    }

    private mutating func open(at time: Int64) -> Int32 {
        openings.append(time)
        rows.append(contentsOf: repeatElement(-1, count: last + 1))
        return Int32(openings.count - 1)
    }

    private mutating func fill(_ attempt: Int32, _ position: Int, _ row: Int32) {
        rows[Int(attempt) * (last + 1) + position] = row
    }

    private func time(_ attempt: Int32, _ position: Int, _ events: UnsafeBufferPointer<FunnelEvent>) -> Int64 {
        events[Int(rows[Int(attempt) * (last + 1) + position])].time
    }
}

extension OrderedAttempts {
    /// One event alone in its instant.
    private mutating func advance(_ event: FunnelEvent, _ row: Int, _ entry: Range<Int64>) {
        var position = last
        while position > 0 {
            if event.mask & shape.bits[position] != 0, !standing[position - 1].isEmpty {
                move(from: position - 1, to: position, at: event.time, survives: true) { _ in Int32(row) }
            }
            position -= 1
        }
        if event.mask & shape.bits[0] != 0, entry.contains(event.time) {
            let attempt = open(at: event.time)
            fill(attempt, 0, Int32(row))
            arrived[0].append(attempt)
        }
    }

    /// Several events of one instant, in the order that leads furthest.
    private mutating func advance(
        _ events: UnsafeBufferPointer<FunnelEvent>, _ instant: Range<Int>, _ entry: Range<Int64>
    ) {
        let time = events[instant.lowerBound].time
        for position in stride(from: last - 1, through: 0, by: -1) where !standing[position].isEmpty {
            let count = match(from: position + 1, events, instant)
            if count == 0 { continue }
            let filled = matchedRows
            move(
                from: position, to: position + count, at: time,
                survives: shape.order != .strict || count == instant.count
            ) { filled[$0] }
        }
        guard entry.contains(time) else { return }
        let count = match(from: 0, events, instant)
        if count == 0 { return }
        // A strict attempt may leave later events of the instant for other attempts, so it stands at each step on the
        // way.
        for depth in (shape.order == .strict ? 0 : count - 1)..<count {
            let attempt = open(at: time)
            for position in 0...depth { fill(attempt, position, matchedRows[position]) }
            arrived[depth].append(attempt)
        }
    }

    private mutating func match(
        from position: Int, _ events: UnsafeBufferPointer<FunnelEvent>, _ instant: Range<Int>
    ) -> Int {
        var placed = matchedRows
        let count = matching.run(from: position, shape.bits, events, instant) { placed[$0] = Int32($1) }
        matchedRows = placed
        return count
    }

    /// Moves the attempts at a step on, but those whose window has ended.
    private mutating func move(
        from: Int, to: Int, at time: Int64, survives: Bool, row: (_ position: Int) -> Int32
    ) {
        moving.removeAll(keepingCapacity: true)
        swap(&moving, &standing[from])
        for attempt in moving {
            guard isOpen(attempt, at: time) else {
                ended.append((attempt, from))
                continue
            }
            for position in from + 1...to { fill(attempt, position, row(position)) }
            if survives || to == last {
                arrived[to].append(attempt)
            } else {
                standing[to].append(attempt)
            }
        }
    }
}

extension OrderedAttempts {
    /// Ends attempts that an exclusion of this instant lies in.
    private mutating func exclude(_ events: UnsafeBufferPointer<FunnelEvent>, _ instant: Range<Int>) {
        let mask = events[instant].reduce(0) { $0 | $1.mask }
        let time = events[instant.lowerBound].time
        for exclusion in shape.exclusions where mask & exclusion.bit != 0 {
            for position in exclusion.from..<exclusion.to {
                moving.removeAll(keepingCapacity: true)
                swap(&moving, &standing[position])
                for attempt in moving where survives(attempt, position, exclusion.from, time, events) {
                    standing[position].append(attempt)
                }
                moving.removeAll(keepingCapacity: true)
                swap(&moving, &arrived[position])
                for attempt in moving where survives(attempt, position, exclusion.from, time, events) {
                    arrived[position].append(attempt)
                }
            }
        }
    }

    /// Whether an exclusion at a time leaves an attempt as it is; otherwise the attempt has ended by now.
    private mutating func survives(
        _ attempt: Int32, _ position: Int, _ from: Int, _ time: Int64, _ events: UnsafeBufferPointer<FunnelEvent>
    ) -> Bool {
        if self.time(attempt, from, events) >= time { return true }
        if isOpen(attempt, at: time) {
            best.excludedDepth = max(best.excludedDepth, position)
        } else {
            ended.append((attempt, position))
        }
        return false
    }

    /// Ends the instant: who arrived stands. Strict attempts that did not move have ended.
    private mutating func settle(_ events: UnsafeBufferPointer<FunnelEvent>) {
        for (attempt, position) in ended { consider(attempt, position, events) }
        ended.removeAll(keepingCapacity: true)
        for position in standing.indices {
            if shape.order == .strict, !standing[position].isEmpty {
                for attempt in standing[position] { consider(attempt, position, events) }
                standing[position].removeAll(keepingCapacity: true)
            }
            if arrived[position].isEmpty { continue }
            standing[position].append(contentsOf: arrived[position])
            arrived[position].removeAll(keepingCapacity: true)
        }
    }

    /// Takes an attempt that has ended without an exclusion into account.
    private mutating func consider(_ attempt: Int32, _ depth: Int, _ events: UnsafeBufferPointer<FunnelEvent>) {
        if depth < best.depth { return }
        let arrival = time(attempt, depth, events)
        let opening = openings[Int(attempt)]
        if depth == best.depth, (arrival, best.opening) >= (best.arrival, opening) { return }
        best.depth = depth
        best.arrival = arrival
        best.opening = opening
        best.rows.removeAll(keepingCapacity: true)
        let start = Int(attempt) * (last + 1)
        best.rows.append(contentsOf: rows[start...start + depth])
    }

    private func report(_ events: UnsafeBufferPointer<FunnelEvent>, _ outcome: inout FunnelOutcome) {
        outcome.clear()
        outcome.depth = best.depth
        outcome.excludedDepth = best.excludedDepth
        guard outcome.counts else { return }
        for position in 0...best.depth {
            outcome.times[shape.required[position]] = events[Int(best.rows[position])].time
        }
        guard shape.hasOptionalSteps else { return }
        for position in 0...best.depth where !shape.optionalAfter[position].isEmpty {
            fillOptional(after: position, events, &outcome)
        }
    }

    /// Fills the optional steps after a required one, in step order with the earliest events, from those between it and
    /// the next required step (or the end of the window) that fill no required step.
    private func fillOptional(
        after position: Int, _ events: UnsafeBufferPointer<FunnelEvent>, _ outcome: inout FunnelOutcome
    ) {
        let start = events[Int(best.rows[position])].time
        let end = position < best.depth ? events[Int(best.rows[position + 1])].time : best.opening + shape.window
        var used = Set(best.rows)
        var open = shape.optionalAfter[position]
        var low = 0
        while low < events.count, events[low].time < start { low += 1 }
        while low < events.count, events[low].time <= end, !open.isEmpty {
            var high = low + 1
            while high < events.count, events[high].time == events[low].time { high += 1 }
            for step in open {
                let bit = UInt64(1) << UInt64(step)
                guard let row = (low..<high).first(where: { events[$0].mask & bit != 0 && !used.contains(Int32($0)) })
                else { continue }
                used.insert(Int32(row))
                outcome.times[step] = events[row].time
                open = step + 1..<open.upperBound
            }
            low = high
        }
    }
}
