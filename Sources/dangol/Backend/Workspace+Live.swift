import Engine
import EventLog

extension Workspace {
    /// Runs `body` over the log, opened for reading.
    func reading<Result>(_ body: (EventLog) throws -> Result) throws -> Result {
        let log = try openForReading()
        defer { try? log.close() }
        return try body(log)
    }

    /// Runs `body` over the workspace, open for writing. Closing can fail, and then the command has failed too.
    ///
    /// - Parameter isNew: whether the workspace may have to be made.
    func opened<Result>(
        isNew: Bool = false, _ body: (LiveWorkspace) async throws -> Result
    ) async throws -> Result {
        let live = isNew ? try LiveWorkspace.open(self) : try LiveWorkspace.openExisting(self)
        let result: Result
        do {
            result = try await body(live)
        } catch {
            try? live.close()
            throw error
        }
        try live.close()
        return result
    }

    /// The same with everything brought up to date before and after.
    func live<Result>(
        isNew: Bool = false, _ body: (LiveWorkspace) async throws -> Result
    ) async throws -> Result {
        try await opened(isNew: isNew) { live in
            try live.catchUp()
            let result = try await body(live)
            try live.catchUp()
            return result
        }
    }
}
