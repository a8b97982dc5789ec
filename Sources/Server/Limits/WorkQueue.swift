import Dispatch
import Synchronization

/// Runs work that takes long on a few threads of its own, so that it neither blocks the threads that serve requests nor
/// piles up: what finds the queue full is refused at once.
final class WorkQueue: Sendable {
    private let queue: DispatchQueue
    private let threads: Int
    private let waitingMax: Int
    private let state = Mutex(State())

    private struct State {
        var running = 0
        var waiting: [CheckedContinuation<Entry, Never>] = []
    }

    init(_ name: String, threads: Int, waiting: Int) {
        queue = DispatchQueue(label: "dangol.server.\(name)", attributes: .concurrent)
        self.threads = max(1, threads)
        waitingMax = waiting
    }

    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// - Throws: `Problem` of status 503 when the queue is full; what `body` throws.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await enter()
        defer { leave() }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }

    private enum Entry { case admitted, refused }

    private func enter() async throws {
        let entry: Entry = await withCheckedContinuation { continuation in
            let answer: Entry? = state.withLock { state in
                if state.running < threads {
                    state.running += 1
                    return .admitted
                }
                if state.waiting.count >= waitingMax { return .refused }
                state.waiting.append(continuation)
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
        if entry == .refused { throw Problem.overloaded("too much is waiting to be worked on", retrySeconds: 1) }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Entry, Never>? in
            guard !state.waiting.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        // The place passes on to who has waited longest.
        next?.resume(returning: .admitted)
    }
}
