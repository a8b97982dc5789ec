import Dispatch
import Synchronization

/// A business and its people, as far as they have lived.
///
/// ```swift
/// let world = World(Shop(settings))
/// let history = world.advance(to: now)          // all events before now
/// let response = world.apply(.message(message), to: "c-000017", at: now)
/// let further = world.advance(to: now + 60_000) // also those that the message brought about
/// ```
///
/// The same settings and actions give the same events, whatever the steps and the number of threads.
package final class World<Simulated: Business>: Sendable {
    package let business: Simulated
    private let parts: [WorldPart<Simulated>]
    private let circlesPerPart: Int
    private let reached: Mutex<Int64>

    package init(_ business: Simulated) {
        self.business = business
        let count = business.circleCount
        // Enough parts to keep threads busy, few enough that merging them is cheap.
        let perPart = max(1, (count + 63) / 64)
        parts = stride(from: 0, to: count, by: perPart).map { first in
            WorldPart(business, circles: first..<min(first + perPart, count))
        }
        circlesPerPart = perPart
        reached = Mutex(business.settings.start)
    }

    /// Until when the world has lived, in milliseconds UTC.
    package var time: Int64 { reached.withLock { $0 } }

    /// Lets everybody live until `time` and returns what has happened since the last call, in the order of time.
    ///
    /// - Complexity: O(circles + events), on at most `threads` threads.
    package func advance(to time: Int64, threads: Int = 2) -> WorldEvents {
        let gathered = Mutex([WorldEvents?](repeating: nil, count: parts.count))
        forEachPart(threads: threads) { [business] index, part in
            let events = part.advance(business, to: time)
            gathered.withLock { $0[index] = events }
        }
        reached.withLock { $0 = max($0, time) }
        return WorldEvents(merging: gathered.withLock { $0.compactMap(\.self) })
    }

    /// Lets everybody live until `time` as `advance` does, and writes none of the events before it: for going on with a
    /// world whose history is known.
    ///
    /// - Parameter actions: what was done meanwhile, in the order of time and not after `time`.
    package func skip(to time: Int64, through actions: [DatedAction] = [], threads: Int = 2) {
        for part in parts { part.silence(before: time) }
        for action in actions { _ = apply(action.action, to: action.person, at: action.time) }
        forEachPart(threads: threads) { [business] _, part in _ = part.advance(business, to: time) }
        reached.withLock { $0 = max($0, time) }
    }

    private func forEachPart(threads: Int, _ body: @Sendable (Int, WorldPart<Simulated>) -> Void) {
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: min(max(threads, 1), max(parts.count, 1))) { _ in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if index >= parts.count { return }
                body(index, parts[index])
            }
        }
    }

    /// Does something to a person, who lives until then first. The events of their answer come with the next `advance`.
    ///
    /// - Parameter time: not before `self.time`.
    /// - Returns: what they did at once; nothing for somebody who is not of this world.
    package func apply(_ action: WorldAction, to person: String, at time: Int64) -> WorldResponse {
        withCircle(of: person, until: time) { circle, sink in
            business.respond(&circle, to: action, person: person, time: time, &sink)
        } ?? WorldResponse()
    }

    /// - Returns: nil for somebody who is not of this world.
    func withCircle<Result: Sendable>(
        of person: String, until time: Int64, _ body: (inout Simulated.Circle, inout EventSink) -> Result
    ) -> Result? {
        guard let index = business.circleIndex(ofPerson: person), (0..<business.circleCount).contains(index) else {
            return nil
        }
        return parts[index / circlesPerPart].visit(circle: index, until: time, business, body)
    }

    /// Hands over what is hidden, in pieces of whole lines of JSON.
    package func truth(_ body: ([UInt8]) throws -> Void) rethrows {
        var sink = TruthSink()
        business.truth(&sink)
        try body(sink.bytes)
        for part in parts { try body(part.truth(business)) }
    }
}

/// Circles that are simulated one after another, on one thread at a time.
private final class WorldPart<Simulated: Business>: Sendable {
    private struct State: Sendable {
        var circles: [Simulated.Circle]
        /// Events of each circle so far.
        var numbers: [UInt32]
        var sink: EventSink
    }

    private let first: Int
    private let state: Mutex<State>

    init(_ business: Simulated, circles range: Range<Int>) {
        first = range.lowerBound
        let streams = RandomStreams(seed: business.settings.seed, Simulated.description.name)
        state = Mutex(
            State(
                circles: range.map(business.circle), numbers: Array(repeating: 0, count: range.count),
                sink: EventSink(streams: streams)))
    }

    func advance(_ business: Simulated, to time: Int64) -> WorldEvents {
        state.withLock { state in
            for index in state.circles.indices {
                visit(index, &state) { circle, sink in business.live(&circle, until: time, &sink) }
            }
            return state.sink.take(before: time)
        }
    }

    /// Events before `time` are not written from now on.
    func silence(before time: Int64) {
        state.withLock { $0.sink.quietBefore = time }
    }

    func visit<Result: Sendable>(
        circle index: Int, until time: Int64, _ business: Simulated,
        _ body: (inout Simulated.Circle, inout EventSink) -> Result
    ) -> Result {
        state.withLock { state in
            visit(index - first, &state) { circle, sink in
                business.live(&circle, until: time, &sink)
                return body(&circle, &sink)
            }
        }
    }

    func truth(_ business: Simulated) -> [UInt8] {
        state.withLock { state in
            var sink = TruthSink()
            for circle in state.circles { business.truth(of: circle, &sink) }
            return sink.bytes
        }
    }

    @inline(__always)
    private func visit<Result>(
        _ index: Int, _ state: inout State, _ body: (inout Simulated.Circle, inout EventSink) -> Result
    ) -> Result {
        state.sink.begin(circle: first + index, number: state.numbers[index])
        let result = body(&state.circles[index], &state.sink)
        state.numbers[index] = state.sink.nextNumber
        return result
    }
}
