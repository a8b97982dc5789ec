import ArgumentParser
import Engine
import EventLog

/// Where the events are: part of every command that touches them.
struct DataOptions: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp(
            "The folder that holds workspaces.",
            discussion: "Without it the variable DANGOL_DATA is used, and without that ./data.",
            valueName: "dir"))
    var folder: String?

    @Option(help: ArgumentHelp("The workspace in that folder.", valueName: "name"))
    var workspace: String = Workspace.defaultName

    func open() throws -> Workspace {
        try Workspace(data: folder ?? Environment["DANGOL_DATA"] ?? "data", name: workspace)
    }
}

extension DataOptions {
    /// Runs `body` over the log, opened for reading.
    func reading<Result>(_ body: (EventLog) throws -> Result) throws -> Result {
        let log = try open().openForReading()
        defer { try? log.close() }
        return try body(log)
    }

    /// Runs `body` over the log of a workspace that exists, opened for writing. Closing can fail, and then the command
    /// has failed too.
    func writing<Result>(_ body: (EventLog) async throws -> Result) async throws -> Result {
        let log = try open().openExistingForWriting()
        let result: Result
        do {
            result = try await body(log)
        } catch {
            try? log.close()
            throw error
        }
        try log.close()
        return result
    }
}
