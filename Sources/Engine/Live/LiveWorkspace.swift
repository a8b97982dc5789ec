package import EventLog
package import State
import Synchronization

/// A workspace that is open for writing: its log, its state, and the services that work on them.
///
/// One process holds a workspace open at a time (the log's lock sees to that). Projections read the log and bring the
/// state up to date: `catchUp` does so once, `run` until it is cancelled.
package final class LiveWorkspace: Sendable {
    package let workspace: Workspace
    package let log: EventLog
    package let state: StateDatabase
    /// Milliseconds since 1970-01-01T00:00:00Z. Tests inject theirs.
    package let now: @Sendable () -> Int64

    private init(
        workspace: Workspace, log: EventLog, state: StateDatabase, now: @escaping @Sendable () -> Int64
    ) {
        self.workspace = workspace
        self.log = log
        self.state = state
        self.now = now
    }

    /// Opens the workspace and makes it when there is none.
    ///
    /// - Throws: `EventLogError` with `locked` when another process has it open; `StateError`; `EngineError`.
    package static func open(
        _ workspace: Workspace, now: @escaping @Sendable () -> Int64 = EventLog.systemTime
    ) throws -> LiveWorkspace {
        let log = try workspace.openForWriting()
        do {
            let state = try StateDatabase.open(workspace.statePath, migrations: [])
            return LiveWorkspace(workspace: workspace, log: log, state: state, now: now)
        } catch {
            try? log.close()
            throw error
        }
    }

    /// Makes everything durable and lets go of the files.
    package func close() throws {
        try log.close()
        try state.close()
    }
}
