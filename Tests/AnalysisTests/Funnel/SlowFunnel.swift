@testable import Analysis

/// The rules of funnels, followed attempt by attempt and order by order: slow, and written from the definitions alone.
struct SlowFunnel {
    var order: FunnelOrder
    var optional: [Bool]
    var window: Int64
    var exclusions: [(from: Int, to: Int)] = []

    struct Attempt {
        var depth: Int
        var isExcluded = false
        /// Of the required steps that are filled.
        var times: [Int64]
    }

    var required: [Int] { optional.indices.filter { !optional[$0] } }

    func judge(_ events: [FunnelEvent], entry: Range<Int64>) -> FunnelOutcome {
        var outcome = FunnelOutcome(stepCount: optional.count)
        let instants = Dictionary(grouping: events, by: \.time).sorted { $0.key < $1.key }.map(\.value)
        var all: [Attempt] = []
        for index in instants.indices where entry.contains(instants[index][0].time) {
            all += attempts(from: index, instants)
        }
        let clean = all.filter { !$0.isExcluded }
        outcome.excludedDepth = all.filter { $0.isExcluded }.map { $0.depth }.max() ?? -1
        outcome.depth = clean.map { $0.depth }.max() ?? -1
        guard outcome.counts else { return outcome }
        let depth = outcome.depth
        let furthest = clean.filter { $0.depth == depth }
        let arrival = furthest.map { $0.times[depth] }.min()
        let best = furthest.filter { $0.times[depth] == arrival }.max { $0.times[0] < $1.times[0] }!
        for (position, time) in best.times.enumerated() {
            outcome.times[order == .unordered ? position : required[position]] = time
        }
        if order == .ordered { fillOptional(events, best, &outcome) }
        return outcome
    }

    private func attempts(from index: Int, _ instants: [[FunnelEvent]]) -> [Attempt] {
        switch order {
        case .ordered: orderedAttempt(from: index, instants).map { [$0] } ?? []
        case .strict: strictAttempts(from: index, instants)
        case .unordered: unorderedAttempt(from: index, instants).map { [$0] } ?? []
        }
    }

    private func fits(_ event: FunnelEvent, _ position: Int) -> Bool {
        position < required.count && event.mask >> UInt64(required[position]) & 1 == 1
    }

    /// Whether an exclusion at a time lies between steps of an attempt that has filled some by then.
    private func isExcluded(_ instant: [FunnelEvent], _ times: [Int64]) -> Bool {
        exclusions.enumerated().contains { index, range in
            let from = order == .unordered ? range.from : required.firstIndex(of: range.from)!
            let to = order == .unordered ? range.to : required.firstIndex(of: range.to)!
            return instant.contains { $0.mask >> UInt64(optional.count + index) & 1 == 1 }
                && times.count > from && times.count <= to && times[from] < instant[0].time
        }
    }
}

extension SlowFunnel {
    /// The most steps from a position on that any order of the instant's events fills.
    private func longest(_ instant: [FunnelEvent], from position: Int) -> Int {
        permutations(instant).map { order in
            var next = position
            for event in order where fits(event, next) { next += 1 }
            return next - position
        }.max() ?? 0
    }

    private func orderedAttempt(from index: Int, _ instants: [[FunnelEvent]]) -> Attempt? {
        let opening = instants[index][0].time
        var times = Array(repeating: opening, count: longest(instants[index], from: 0))
        if times.isEmpty { return nil }
        for instant in instants[(index + 1)...] where instant[0].time - opening <= window {
            if times.count == required.count { break }
            times += Array(repeating: instant[0].time, count: longest(instant, from: times.count))
            if times.count < required.count, isExcluded(instant, times) {
                return Attempt(depth: times.count - 1, isExcluded: true, times: times)
            }
        }
        return Attempt(depth: times.count - 1, times: times)
    }

    /// The optional steps between two required ones happen in step order, each as early as it can.
    private func fillOptional(_ events: [FunnelEvent], _ attempt: Attempt, _ outcome: inout FunnelOutcome) {
        for (position, start) in attempt.times.enumerated() {
            let isLast = position == attempt.depth
            let end = isLast ? attempt.times[0] + window : attempt.times[position + 1]
            var step = required[position] + 1
            let beyond = position + 1 < required.count ? required[position + 1] : optional.count
            for time in Set(events.map(\.time)).sorted() where time >= start && time <= end {
                while let next = (step..<max(step, beyond)).first(where: { step in
                    events.contains { $0.time == time && $0.mask >> UInt64(step) & 1 == 1 }
                }) {
                    outcome.times[next] = time
                    step = next + 1
                }
            }
        }
    }

    private func strictAttempts(from index: Int, _ instants: [[FunnelEvent]]) -> [Attempt] {
        var attempts: [Attempt] = []
        let opening = instants[index][0].time
        for order in permutations(instants[index]) {
            for first in order.indices where fits(order[first], 0) {
                var count = 0
                while first + count < order.count, fits(order[first + count], count) { count += 1 }
                let times = Array(repeating: opening, count: count)
                if count == required.count {
                    attempts.append(Attempt(depth: count - 1, times: times))
                } else if first + count == order.count {
                    // Events left over stand before the first: standing after the last would only end the attempt.
                    attempts.append(followStrictly(index + 1, instants, times))
                }
            }
        }
        return attempts
    }

    private func followStrictly(_ index: Int, _ instants: [[FunnelEvent]], _ filled: [Int64]) -> Attempt {
        var times = filled
        var isOpen = true
        for instant in instants[index...] where instant[0].time - times[0] <= window && isOpen {
            let count =
                permutations(instant).map { order in
                    var count = 0
                    while count < order.count, fits(order[count], times.count + count) { count += 1 }
                    return count
                }.max() ?? 0
            times += Array(repeating: instant[0].time, count: count)
            if times.count == required.count { break }
            if isExcluded(instant, times) { return Attempt(depth: times.count - 1, isExcluded: true, times: times) }
            isOpen = count == instant.count
        }
        return Attempt(depth: times.count - 1, times: times)
    }

    private func unorderedAttempt(from index: Int, _ instants: [[FunnelEvent]]) -> Attempt? {
        let opening = instants[index][0].time
        var seen: [FunnelEvent] = []
        var times: [Int64] = []
        for instant in instants[index...] where instant[0].time - opening <= window && times.count < optional.count {
            seen += instant
            let filled = mostSteps(seen, from: 0)
            while times.count < filled { times.append(instant[0].time) }
            if times.isEmpty { return nil }
            if times.count < optional.count, isExcluded(instant, times) { return Attempt(depth: 0, times: [opening]) }
        }
        return times.isEmpty ? nil : Attempt(depth: times.count - 1, times: times)
    }

    /// The most steps that different events can fill, by trying everything.
    private func mostSteps(_ events: [FunnelEvent], from step: Int) -> Int {
        if step == optional.count { return 0 }
        var most = mostSteps(events, from: step + 1)
        for index in events.indices where events[index].mask >> UInt64(step) & 1 == 1 {
            var rest = events
            rest.remove(at: index)
            most = max(most, 1 + mostSteps(rest, from: step + 1))
        }
        return most
    }
}

func permutations<Element>(_ list: [Element]) -> [[Element]] {
    if list.count < 2 { return [list] }
    return list.indices.flatMap { index in
        var rest = list
        let first = rest.remove(at: index)
        return permutations(rest).map { [first] + $0 }
    }
}
