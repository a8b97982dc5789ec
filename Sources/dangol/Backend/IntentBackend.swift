import Engine
import EventLog
import Foundation
import Lifecycle
import NIOHTTP1

/// What commands ask about what people are about, of a folder or a server.
protocol IntentBackend: Sendable {
    func settings() async throws -> IntentSettings
    func set(_ settings: IntentSettings) async throws
    /// - Parameter progress: told how far it is, where that is known; false ends it, and nothing is changed.
    func train(isForced: Bool, progress: @escaping @Sendable (_ share: Double) -> Bool) async throws -> IntentVersion
    func versions() async throws -> IntentVersionsView
    /// - Parameter number: nil is the version before the one that answers.
    func rollBack(to number: Int?) async throws -> IntentVersion
    func show(_ person: String) async throws -> IntentView
    /// How many people are in each state.
    func counts() async throws -> [IntentState: Int]
    func results() async throws -> MomentResultsView
}

/// Intent of a data folder; all but the settings also while a server has it open.
struct FolderIntent: IntentBackend {
    let folder: Workspace

    func settings() async throws -> IntentSettings { try await folder.opened { $0.intent.settings } }

    func set(_ settings: IntentSettings) async throws {
        try await folder.opened { _ = try $0.intent.change(settings) }
    }

    func train(isForced: Bool, progress: @escaping @Sendable (_ share: Double) -> Bool) async throws -> IntentVersion {
        try intent { service in try service.train(isForced: isForced) { _, share in progress(share) } }
    }

    func versions() async throws -> IntentVersionsView { try intent { IntentVersionsView($0.versions()) } }

    func rollBack(to number: Int?) async throws -> IntentVersion { try intent { try $0.rollBack(to: number) } }

    func show(_ person: String) async throws -> IntentView {
        try intent { service in
            guard let reading = try service.reading(of: person) else { return IntentView(key: nil, nil) }
            return IntentView(key: nil, reading, try service.recommendation(reading, of: person))
        }
    }

    func counts() async throws -> [IntentState: Int] { try intent { try $0.overview().counts } }

    func results() async throws -> MomentResultsView { try intent { MomentResultsView(try $0.results()) } }

    private func intent<Result>(_ body: (IntentService) throws -> Result) throws -> Result {
        try folder.reading { try body(try folder.intent($0)) }
    }
}

/// Intent of a running server.
struct ServerIntent: IntentBackend {
    let client: APIClient

    func settings() async throws -> IntentSettings { try await call(.GET, "settings") }

    func set(_ settings: IntentSettings) async throws {
        _ = try await client.send(.PUT, "/v1/intent/settings", json: try JSONEncoder().encode(settings))
    }

    func train(isForced: Bool, progress: @escaping @Sendable (_ share: Double) -> Bool) async throws -> IntentVersion {
        _ = progress(0)
        return try await call(.POST, "train", isForced ? [("force", "true")] : [])
    }

    func versions() async throws -> IntentVersionsView { try await call(.GET, "versions") }

    func rollBack(to number: Int?) async throws -> IntentVersion {
        try await call(.POST, "activate", number.map { [("version", "\($0)")] } ?? [])
    }

    func show(_ person: String) async throws -> IntentView {
        do {
            return try APIClient.read(try await client.send(.GET, "/v1/people/\(APIClient.escaped(person))/intent"))
        } catch let failure as Failure where failure.code == "not_found" {
            // Nobody whom no event has named is here.
            return IntentView(key: nil, nil)
        }
    }

    func counts() async throws -> [IntentState: Int] {
        let overview: IntentOverviewView = try APIClient.read(try await client.send(.GET, "/v1/intent"))
        return Dictionary(overview.states.map { ($0.state, $0.count) }) { first, _ in first }
    }

    func results() async throws -> MomentResultsView { try await call(.GET, "results") }

    private func call<Answer: Decodable>(
        _ method: HTTPMethod, _ name: String, _ parameters: APIClient.Parameters = []
    ) async throws -> Answer { try APIClient.read(try await client.send(method, "/v1/intent/" + name, parameters)) }
}
