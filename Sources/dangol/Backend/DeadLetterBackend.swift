import Collection
import Engine
import Foundation
import NIOHTTP1

/// Rejected events of a data folder or of a server.
protocol DeadLetterBackend: Sendable {
    /// The newest first.
    ///
    /// - Parameter before: only letters with a lower id.
    func page(before: Int64?, limit: Int) async throws -> DeadLetterPage
    /// - Throws: `Failure` or `CollectionError` with `not_found`.
    func letter(_ id: Int64) async throws -> DeadLetterView
    /// - Parameter ids: at most `DeadLetterIDs.countMax`.
    func replay(_ ids: [Int64]) async throws -> ReplayView
    func remove(_ ids: [Int64]) async throws
}

/// Letters as requests name them.
struct DeadLetterIDs: Codable {
    /// So many go into one request.
    static let countMax = 1_000
    var ids: [Int64]
}

extension DeadLetterBackend {
    /// The ids of all letters, the newest first.
    func everyID() async throws -> [Int64] {
        var ids: [Int64] = []
        var before: Int64?
        repeat {
            let page = try await page(before: before, limit: DeadLetterIDs.countMax)
            ids += page.letters.map(\.id)
            before = page.next
        } while before != nil
        return ids
    }
}

struct FolderDeadLetters: DeadLetterBackend {
    let folder: Workspace

    func page(before: Int64?, limit: Int) async throws -> DeadLetterPage {
        try await folder.opened { try $0.collection.deadLetterPage(before: before, limit: limit) }
    }

    func letter(_ id: Int64) async throws -> DeadLetterView {
        try await folder.opened { DeadLetterView(try $0.collection.deadLetter(id)) }
    }

    func replay(_ ids: [Int64]) async throws -> ReplayView {
        try await folder.live { ReplayView(try await $0.collection.replay(ids)) }
    }

    func remove(_ ids: [Int64]) async throws { try await folder.opened { try $0.collection.removeDeadLetters(ids) } }
}

struct ServerDeadLetters: DeadLetterBackend {
    let client: APIClient
    private let path = "/v1/collection/dead-letters"

    init(client: APIClient) { self.client = client }

    func page(before: Int64?, limit: Int) async throws -> DeadLetterPage {
        let bound = before.map { [("before", "\($0)")] } ?? []
        return try APIClient.read(try await client.send(.GET, path, [("limit", "\(limit)")] + bound))
    }

    func letter(_ id: Int64) async throws -> DeadLetterView {
        try APIClient.read(try await client.send(.GET, "\(path)/\(id)"))
    }

    func replay(_ ids: [Int64]) async throws -> ReplayView {
        let body = try JSONEncoder().encode(DeadLetterIDs(ids: ids))
        return try APIClient.read(try await client.send(.POST, path + "/replay", json: body))
    }

    func remove(_ ids: [Int64]) async throws {
        _ = try await client.send(.POST, path + "/remove", json: try JSONEncoder().encode(DeadLetterIDs(ids: ids)))
    }
}
