package import EventLog
import Foundation
import State

extension Workspace {
    /// What a workspace's folder holds beside the event log and the SQL state.
    private static let plainFolders = ["models", "mappings", "config"]

    /// Copies a consistent state into a new or empty folder, also while another process writes: events, what people
    /// defined, what is derived, models. The folder has the same shape as a workspace's.
    ///
    /// - Throws: `EngineError` with `alreadyExists` when the folder holds something.
    /// - Returns: what was copied.
    package func backup(to target: String) throws -> LogStatistics {
        try requireExisting()
        try Workspace.makeEmpty(target)
        // First the state, then the log: projections go on from their positions, so the log has to be as far at least.
        try copyBesides(from: folder, to: target)
        let log = try openForReading()
        defer { try? log.close() }
        try log.backup(to: target + "/events")
        let copy = try EventLog.open(target + "/events", for: .reading)
        defer { try? copy.close() }
        return try copy.statistics
    }

    /// Makes this workspace out of a backup. Reads every byte of the backup first, and puts the copy in place only when
    /// it is whole.
    ///
    /// - Throws: `EngineError` with `alreadyExists` when the workspace is there: nothing is ever overwritten;
    ///   `notFound` when the folder is no backup; `EventLogError` with `corrupt` when the backup is damaged.
    package func restore(from source: String) throws -> LogStatistics {
        if exists {
            throw EngineError(
                .alreadyExists,
                "the workspace '\(name)' in \(data) is there already, and a restore overwrites nothing. "
                    + "Restore under another name with --workspace, or move \(folder) away first.")
        }
        let events = source + "/events"
        guard FileManager.default.fileExists(atPath: events) else {
            throw EngineError(.notFound, "\(source) is no backup: it has no folder 'events'")
        }
        let backup = try EventLog.open(events, for: .reading)
        defer { try? backup.close() }
        let report = try backup.verify()
        if let problem = report.problems.first {
            throw EventLogError(.corrupt, "the backup is damaged, nothing was restored: \(problem)")
        }
        let unfinished = "\(data)/.restoring-\(name)"
        do {
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            if FileManager.default.fileExists(atPath: unfinished) {
                try FileManager.default.removeItem(atPath: unfinished)
            }
            try FileManager.default.createDirectory(atPath: unfinished, withIntermediateDirectories: true)
        } catch {
            throw EngineError(.io, "the folder \(unfinished) cannot be made: \(reason(error))")
        }
        try copyBesides(from: source, to: unfinished)
        try backup.backup(to: unfinished + "/events")
        do {
            try FileManager.default.moveItem(atPath: unfinished, toPath: folder)
        } catch {
            throw EngineError(.io, "\(unfinished) cannot be renamed to \(folder): \(reason(error))")
        }
        return try backup.statistics
    }

    /// Copies the SQL state and the plain folders, as far as they are there.
    fileprivate func copyBesides(from source: String, to target: String) throws {
        let files = FileManager.default
        let name = "/state.sqlite"
        if files.fileExists(atPath: source + name) {
            let state = try StateDatabase.openForReading(source + name)
            try state.backup(to: target + name)
            try state.close()
        }
        for folder in Self.plainFolders where files.fileExists(atPath: source + "/" + folder) {
            do {
                try files.copyItem(atPath: source + "/" + folder, toPath: target + "/" + folder)
            } catch {
                throw EngineError(.io, "the folder \(source)/\(folder) cannot be copied: \(reason(error))")
            }
        }
    }

    /// Makes a folder that is not there or holds nothing.
    ///
    /// - Throws: `EngineError` with `alreadyExists`, `io`.
    package static func makeEmpty(_ folder: String) throws {
        if let entries = try? FileManager.default.contentsOfDirectory(atPath: folder) {
            guard entries.isEmpty else {
                throw EngineError(.alreadyExists, "the folder \(folder) is not empty; name a new or empty folder")
            }
        } else if FileManager.default.fileExists(atPath: folder) {
            throw EngineError(.alreadyExists, "\(folder) is a file; name a new or empty folder")
        }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw EngineError(.io, "the folder \(folder) cannot be made: \(reason(error))")
        }
    }
}

extension LiveWorkspace {
    /// The same as `Workspace.backup(to:)`, by the process that has the workspace open.
    ///
    /// - Throws: `EngineError`, `EventLogError`, `StateError`.
    package func backup(to target: String) throws {
        try Workspace.makeEmpty(target)
        try workspace.copyBesides(from: workspace.folder, to: target)
        try log.backup(to: target + "/events")
    }
}
