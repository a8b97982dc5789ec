import Engine
import EventLog
import Foundation
import NIOHTTP1
import People

/// People of a running server. Ids go in bodies; addresses have keys only, which tell nothing.
struct ServerPeople: PeopleBackend {
    let client: APIClient

    func rebuild(progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void) async throws -> Int {
        var view: RebuildView = try APIClient.read(try await client.send(.POST, "/v1/people/rebuild"))
        while view.state == .running {
            progress(view.events, view.total)
            try await Task.sleep(for: .milliseconds(300))
            view = try APIClient.read(try await client.send(.GET, "/v1/people/rebuild"))
        }
        guard view.state == .done else {
            let why = view.reason ?? "the server has been started again meanwhile; it goes on by itself"
            throw Failure(.failure, code: "rebuild_failed", "people were not computed to the end: \(why)")
        }
        return view.total
    }

    func person(_ id: String) async throws -> Data {
        try await client.send(.POST, "/v1/people/lookup", json: try Self.json(PersonRequest(id)))
    }

    func search(_ request: PeopleSearchRequest) async throws -> PeoplePageView {
        try await call(.POST, "/v1/people/search", request)
    }

    func change(_ request: TraitsRequest, of person: String) async throws -> Data {
        let path = "/v1/people/\(try await key(of: person))/traits"
        return try await client.send(.PATCH, path, json: try Self.json(request))
    }

    func merge(_ request: MergeRequest) async throws -> PersonReferences {
        try await call(.POST, "/v1/people/merge", request)
    }

    func split(_ alias: String) async throws -> PersonReferences {
        try await call(.POST, "/v1/people/split", PersonRequest(alias))
    }

    func consents(of person: String) async throws -> ConsentsView {
        try APIClient.read(try await client.send(.GET, "/v1/people/\(try await key(of: person))/consents"))
    }

    func record(_ request: ConsentRequest, of person: String) async throws -> ConsentsView {
        try await call(.POST, "/v1/people/\(try await key(of: person))/consents", request)
    }

    func group(_ group: GroupID) async throws -> GroupView {
        let path = "/v1/groups/\(APIClient.escaped(group.type))/\(APIClient.escaped(group.id))"
        return try APIClient.read(try await client.send(.GET, path))
    }

    func importPeople(_ path: String, _ options: PeopleFileOptions) async throws -> PeopleImportView {
        var parameters = options.map.map { ("map", $0) } + [("name", options.name)]
        if options.emptyRemoves { parameters.append(("emptyRemoves", "true")) }
        if options.skipInvalid { parameters.append(("skipInvalid", "true")) }
        let source = try FileSource(path: path)
        do {
            return try APIClient.read(
                try await client.upload("/v1/people/import", parameters, source, progress: { _, _ in }))
        } catch var failure as Failure where failure.code == PeopleError.Code.badFile.rawValue {
            // The file is wrong, not how the command was called.
            failure.status = .failure
            throw failure
        }
    }

    func exportPeople(
        _ query: PeopleQuery, traits: [String], write: @Sendable ([UInt8]) throws -> Void
    ) async throws {
        var parameters = traits.map { ("trait", $0) }
        if let role = query.role { parameters.append(("role", role.rawValue)) }
        if let isIdentified = query.isIdentified { parameters.append(("identified", String(isIdentified))) }
        try await client.receive("/v1/people/export", parameters, write)
    }

    func exportPerson(_ id: String) async throws -> Data {
        try await client.send(.GET, "/v1/people/\(try await key(of: id))/export")
    }

    func delete(_ person: String) async throws -> ReceiptView {
        try await call(.POST, "/v1/people/delete", PersonRequest(person))
    }

    func receipts(limit: Int) async throws -> ReceiptList {
        try APIClient.read(try await client.send(.GET, "/v1/people/receipts", [("limit", "\(limit)")]))
    }

    func suppress(_ ids: [String]) async throws {
        _ = try await client.send(.POST, "/v1/people/suppress", json: try Self.json(SuppressionRequest(ids)))
    }

    func release(_ id: String) async throws -> Bool {
        struct Released: Decodable { var released: Bool }
        let answer: Released = try await call(.POST, "/v1/people/release", PersonRequest(id))
        return answer.released
    }

    func warnings(limit: Int) async throws -> WarningList {
        try APIClient.read(try await client.send(.GET, "/v1/people/warnings", [("limit", "\(limit)")]))
    }

    // MARK: Calls

    private func key(of person: String) async throws -> String {
        struct Known: Decodable { var key: String }
        let known: Known = try await call(.POST, "/v1/people/lookup", PersonRequest(person))
        return known.key
    }

    private func call<Answer: Decodable>(
        _ method: HTTPMethod, _ path: String, _ body: some Encodable
    ) async throws -> Answer {
        try APIClient.read(try await client.send(method, path, json: try Self.json(body)))
    }

    private static func json(_ value: some Encodable) throws -> Data { try JSONEncoder().encode(value) }
}
