package import EventLog
import Foundation

/// One business's data: a folder with the event log, and later the state database, models and configuration.
///
///     <data>/<workspace>/events/
///
/// Opening a log takes its lock only for writing, so each command opens what it needs for as long as it needs it.
package struct Workspace: Sendable, Hashable {
    /// The folder that holds workspaces.
    package let data: String
    package let name: String

    package static let defaultName = "default"

    /// - Throws: `EngineError` with `invalidArgument` when the name could leave the data folder or is no plain name.
    package init(data: String, name: String = Workspace.defaultName) throws {
        guard Workspace.isValid(name) else {
            throw EngineError(
                .invalidArgument,
                "'\(name)' is no name for a workspace: use 1 to 64 letters (a to z), digits, '-' and '_'")
        }
        guard !data.isEmpty else { throw EngineError(.invalidArgument, "the data folder has an empty name") }
        self.data = data
        self.name = name
    }

    package var folder: String { data + "/" + name }
    package var eventsFolder: String { folder + "/events" }
    /// The SQL state: see `State`.
    package var statePath: String { folder + "/state.sqlite" }
    /// What people define and keep in files: see `Definitions`.
    package var definitionsFolder: String { folder + "/config" }

    private static func isValid(_ name: String) -> Bool {
        let plain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return plain && (1...64).contains(name.utf8.count)
    }
}

extension Workspace {
    /// Whether anything has ever been written here.
    package var exists: Bool { FileManager.default.fileExists(atPath: eventsFolder) }

    /// Opens the event log for queries. Never waits for a writer.
    ///
    /// - Throws: `EngineError` with `notFound` when nothing has been imported yet; `EventLogError` when the log is
    ///   damaged.
    package func openForReading() throws -> EventLog {
        guard exists else { throw missing }
        return try EventLog.open(eventsFolder, for: .reading)
    }

    /// Opens the event log for changes, and makes it when there is none.
    ///
    /// - Throws: `EventLogError` with `locked` when another process writes.
    package func openForWriting() throws -> EventLog {
        do {
            try FileManager.default.createDirectory(atPath: eventsFolder, withIntermediateDirectories: true)
        } catch {
            throw EngineError(.io, "the folder \(eventsFolder) cannot be made: \(reason(error))")
        }
        return try EventLog.open(eventsFolder, for: .writing)
    }

    /// Opens the event log for changes to events that must be there already.
    package func openExistingForWriting() throws -> EventLog {
        guard exists else { throw missing }
        return try EventLog.open(eventsFolder, for: .writing)
    }

    /// - Throws: `EngineError` with `notFound` when nothing has been imported yet.
    package func requireExisting() throws {
        guard exists else { throw missing }
    }

    private var missing: EngineError {
        let others = (try? Workspace.names(in: data)) ?? []
        let hint =
            others.isEmpty
            ? "Import something first: dangol import FILE --data \(data)"
            : "There is \(others.map { "'\($0)'" }.joined(separator: ", ")): choose one with --workspace."
        return EngineError(.notFound, "there is no workspace '\(name)' in \(data). \(hint)")
    }

    /// The names of the workspaces in a data folder, sorted.
    package static func names(in data: String) throws -> [String] {
        let entries = try FileManager.default.contentsOfDirectory(atPath: data)
        return entries.filter { (try? Workspace(data: data, name: $0).exists) == true }.sorted()
    }
}
