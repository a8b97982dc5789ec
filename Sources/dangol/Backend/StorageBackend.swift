import Engine
import EventLog
import Foundation
import NIOHTTP1
import Synchronization

/// Care of the data: of a data folder, or of a server that has one open.
protocol StorageBackend: Sendable {
    /// For how many milliseconds events are kept; nil: for ever.
    func kept() async throws -> Int64?
    func keep(_ milliseconds: Int64?) async throws
    /// - Parameter progress: gets what is done and how much there is, where that is known.
    func compact(progress: @escaping @Sendable (Int, Int) -> Void) async throws -> CompactionView
    func verify(progress: @escaping @Sendable (Int, Int) -> Void) async throws -> VerificationView
    /// - Parameter progress: gets the bytes that have come.
    /// - Returns: what has been copied.
    func backup(to target: String, progress: @escaping @Sendable (Int) -> Void) async throws -> StatisticsView
}

/// Of a data folder. Opens the log for each call.
struct FolderStorage: StorageBackend {
    let folder: Workspace

    func kept() async throws -> Int64? { try folder.reading { try $0.statistics.retention } }

    func keep(_ milliseconds: Int64?) async throws { try writing { try $0.setRetention(milliseconds) } }

    func compact(progress: @escaping @Sendable (Int, Int) -> Void) async throws -> CompactionView {
        try writing { try CompactionView.compact($0, progress: progress) }
    }

    func verify(progress: @escaping @Sendable (Int, Int) -> Void) async throws -> VerificationView {
        try folder.reading { VerificationView(try $0.verify(progress: progress)) }
    }

    func backup(to target: String, progress: @escaping @Sendable (Int) -> Void) async throws -> StatisticsView {
        StatisticsView(workspace: folder.name, try folder.backup(to: target))
    }

    /// Closing can fail, and then the command has failed too.
    private func writing<Result>(_ body: (EventLog) throws -> Result) throws -> Result {
        let log = try folder.openExistingForWriting()
        let result: Result
        do {
            result = try body(log)
        } catch {
            try? log.close()
            throw error
        }
        try log.close()
        return result
    }
}

/// Of a running server.
struct ServerStorage: StorageBackend {
    let client: APIClient
    let workspace: String

    func kept() async throws -> Int64? {
        let statistics: StatisticsView = try APIClient.read(try await client.send(.GET, "/v1/stats"))
        return statistics.keepMilliseconds
    }

    func keep(_ milliseconds: Int64?) async throws {
        let path = "/v1/storage/retention"
        if let milliseconds {
            let body = try JSONEncoder().encode(RetentionView(keepMilliseconds: milliseconds))
            _ = try await client.send(.PUT, path, json: body)
        } else {
            _ = try await client.send(.DELETE, path)
        }
    }

    func compact(progress: @escaping @Sendable (Int, Int) -> Void) async throws -> CompactionView {
        try APIClient.read(try await client.send(.POST, "/v1/storage/compact"))
    }

    func verify(progress: @escaping @Sendable (Int, Int) -> Void) async throws -> VerificationView {
        try APIClient.read(try await client.send(.POST, "/v1/storage/verify"))
    }

    func backup(to target: String, progress: @escaping @Sendable (Int) -> Void) async throws -> StatisticsView {
        try Workspace.makeEmpty(target)
        do {
            let statistics = try await receive(into: target, progress)
            return StatisticsView(workspace: workspace, statistics)
        } catch {
            // Half a backup helps nobody. The folder itself may be one that the user has made.
            for name in (try? FileManager.default.contentsOfDirectory(atPath: target)) ?? [] {
                try? FileManager.default.removeItem(atPath: target + "/" + name)
            }
            throw error
        }
    }

    private func receive(
        into target: String, _ progress: @escaping @Sendable (Int) -> Void
    ) async throws -> LogStatistics {
        let state = Mutex((reader: ArchiveReader(into: target), count: 0))
        try await client.receive("/v1/storage/backup", []) { piece in
            let count = try state.withLock { state in
                try state.reader.take(piece)
                state.count += piece.count
                return state.count
            }
            progress(count)
        }
        guard state.withLock({ $0.reader.isWhole }) else {
            throw Failure(.failure, code: "incomplete", "the server ended before the backup was whole; see its log")
        }
        let log = try EventLog.open(target + "/events", for: .reading)
        defer { try? log.close() }
        if let problem = try log.verify().problems.first {
            throw Failure(.failure, code: "corrupt", "the backup was damaged on its way: \(problem)")
        }
        return try log.statistics
    }
}
