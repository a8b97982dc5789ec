import Dispatch
package import EventLog
import Synchronization

/// Takes down decisions beside the requests that they answer, some hundred in one append.
///
/// A request does not wait until its decision is durable. Nobody is promised anything by it: what a power loss takes
/// is the last few milliseconds of what the program would have learned from, while an event that somebody sent is
/// acknowledged only when it is safe. What cannot be stored waits and is tried again, up to a bound; what exceeds it is
/// counted as lost.
package final class DecisionJournal: Sendable {
    private let log: any DecisionLog
    private let queue = DispatchQueue(label: "dangol.decisions.journal")
    private let state = Mutex(State())

    private struct State: Sendable {
        var waiting: [Event] = []
        var isScheduled = false
        var lost = 0
    }

    private static let pause = DispatchTimeInterval.milliseconds(20)
    private static let pauseAfterFailure = DispatchTimeInterval.seconds(1)
    private static let waitingMax = 50_000
    private static let eventsPerAppend = 2_000

    package init(_ log: any DecisionLog) { self.log = log }

    /// Decisions that could not be kept because too many waited.
    package var lost: Int { state.withLock { $0.lost } }

    package func add(_ events: [Event]) {
        if events.isEmpty { return }
        let schedules = state.withLock { state in
            let room = max(0, Self.waitingMax - state.waiting.count)
            state.waiting += events.prefix(room)
            state.lost += max(0, events.count - room)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if schedules { schedule(after: Self.pause) }
    }

    private func schedule(after pause: DispatchTimeInterval) {
        queue.asyncAfter(deadline: .now() + pause) { [weak self] in
            guard let self else { return }
            do {
                try self.storeWaiting()
                let more = self.state.withLock { state in
                    state.isScheduled = !state.waiting.isEmpty
                    return state.isScheduled
                }
                if more { self.schedule(after: Self.pause) }
            } catch {
                self.schedule(after: Self.pauseAfterFailure)
            }
        }
    }

    /// Stores what waits now.
    ///
    /// - Throws: what the log throws; the events wait on.
    package func flush() throws { try queue.sync { try storeWaiting() } }

    /// On the queue only, so that the order is kept.
    private func storeWaiting() throws {
        while true {
            let portion = state.withLock { Array($0.waiting.prefix(Self.eventsPerAppend)) }
            if portion.isEmpty { return }
            try log.store(portion)
            state.withLock { $0.waiting.removeFirst(portion.count) }
        }
    }
}
