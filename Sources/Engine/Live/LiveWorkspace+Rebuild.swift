import Dispatch
import EventLog
import People
import State
import Synchronization

/// How far a rebuild of the tables about persons has come.
package struct RebuildView: Codable, Sendable, Hashable {
    package enum State: String, Codable, Sendable, CaseIterable {
        /// None has been asked for since the server started.
        case none
        case running
        case done
        /// What went wrong is in `reason`. Asking again begins anew.
        case failed
    }

    package var state = State.none
    /// Events that have been applied, of so many as there were at the start.
    package var events = 0
    package var total = 0
    /// Milliseconds UTC.
    package var startedTime: Int64?
    package var finishedTime: Int64?
    package var reason: String?

    package init() {}
}

extension LiveWorkspace {
    /// Builds the tables about persons anew from the log, then every membership.
    ///
    /// The log keeps its redirects meanwhile; afterwards those are changed that differ from what the tables say. When
    /// it is interrupted, following the log goes on where it stopped.
    package func rebuildPeople(onProgress: ((Int) -> Void)? = nil) throws {
        try projecting.withLock { projecting in
            if projecting.isClosed { throw Self.interrupted }
            try state.write { try people.projection.reset(in: $0) }
            tail.rewind(to: 0)
            projecting.peoplePosition = 0
            projecting.audiencePosition = 0
            projecting.isBehind = true
            do {
                var applied = 0
                while let news = try applyPortions(&projecting) {
                    applied += news.events
                    onProgress?(applied)
                    if isClosing.load(ordering: .acquiring) { throw Self.interrupted }
                }
            } catch {
                tail.rewind(to: projecting.peoplePosition)
                throw error
            }
            try people.replaceLogChanges { log.canonicalID(of: $0) }
            projecting.hasLogChanges = true
            try finishLogChanges(&projecting)
            try evaluateAll(&projecting)
        }
        try catchUp()
    }

    private static let interrupted = EngineError(.io, "the workspace was closed before the rebuild had ended")

    /// The latest rebuild in the background.
    package var rebuild: RebuildView { rebuilding.withLock { $0 } }

    /// Begins a rebuild in the background, unless one is running.
    ///
    /// Until it has ended, people are found as far as they have been computed, and changes are seen later.
    @discardableResult
    package func startRebuild() -> RebuildView {
        let total = (try? log.statistics.events) ?? 0
        let start = now()
        let (view, begins) = rebuilding.withLock { view in
            if view.state == .running { return (view, false) }
            view = RebuildView()
            view.state = .running
            view.total = total
            view.startedTime = start
            return (view, true)
        }
        if begins {
            DispatchQueue(label: "dangol.rebuild.\(workspace.name)", qos: .utility).async { [self] in runRebuild() }
        }
        return view
    }

    private func runRebuild() {
        let outcome = Result {
            try rebuildPeople { count in self.rebuilding.withLock { $0.events = count } }
        }
        let end = now()
        rebuilding.withLock { view in
            view.finishedTime = end
            switch outcome {
            case .success:
                view.state = .done
                view.total = max(view.total, view.events)
            case .failure(let error):
                view.state = .failed
                view.reason = reason(error)
            }
        }
    }
}
