import Synchronization

/// Who is not to be recorded, for collection: asked for every event, so everything is in memory.
package final class TrackingGate: Sendable {
    package enum Verdict: Sendable, Hashable {
        case allowed
        /// A deleted person does not come back.
        case suppressed
        /// The person refused; let through only what is about consent, so that they can change their mind.
        case refused
    }

    private struct State {
        var suppressions = Suppressions()
        var refusing: Set<ExactID> = []
    }

    private let keys: PersonKeys
    private let state = Mutex(State())

    init(keys: PersonKeys) { self.keys = keys }

    /// Whether there is anybody who is not to be recorded.
    package var restrictsAnyone: Bool { state.withLock { !$0.suppressions.isEmpty || !$0.refusing.isEmpty } }

    /// - Complexity: O(1)
    package func verdict(id: String) -> Verdict {
        state.withLock { state in
            if !state.suppressions.isEmpty, state.suppressions.contains(id, at: .max, keys) { return .suppressed }
            return !state.refusing.isEmpty && state.refusing.contains(ExactID(id)) ? .refused : .allowed
        }
    }

    func replace(suppressions: Suppressions, refusing: [String]) {
        let ids = Set(refusing.map(ExactID.init))
        state.withLock { $0 = State(suppressions: suppressions, refusing: ids) }
    }

    func update(_ tracking: [String: Bool]) {
        guard !tracking.isEmpty else { return }
        state.withLock { state in
            for (id, refuses) in tracking {
                if refuses { state.refusing.insert(ExactID(id)) } else { state.refusing.remove(ExactID(id)) }
            }
        }
    }
}
