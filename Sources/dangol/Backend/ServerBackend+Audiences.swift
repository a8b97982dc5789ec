import Audiences
import Collection
import Engine
import EventLog
import Foundation
import NIOHTTP1

extension ServerBackend {
    private struct AudienceList: Decodable { var audiences: [AudienceView] }
    private struct Sizes: Decodable { var sizes: [AudienceSizeView] }
    private struct Secret: Decodable { var secret: String }
    private struct Preview: Encodable {
        var `where`: String
        var exact: Bool
        var sample: Int
    }
    private struct Sending: Encodable {
        var url: String
        var traits: [String]
    }

    /// Ids in one request that changes a list.
    private static let listIDs = 10_000

    private static func path(_ name: String, _ rest: String = "") -> String {
        "/v1/audiences/\(APIClient.escaped(name))\(rest)"
    }

    private func get<Value: Decodable>(
        _ path: String, _ parameters: APIClient.Parameters = [], as type: Value.Type = Value.self
    ) async throws -> Value {
        try APIClient.read(try await client.send(.GET, path, parameters))
    }

    private func call<Value: Decodable>(
        _ method: HTTPMethod, _ path: String, _ body: some Encodable, as type: Value.Type = Value.self
    ) async throws -> Value {
        try APIClient.read(try await client.send(method, path, json: try JSONEncoder().encode(body)))
    }

    func audiences() async throws -> [AudienceView] { try await get("/v1/audiences", as: AudienceList.self).audiences }

    func audience(_ name: String) async throws -> AudienceView { try await get(Self.path(name)) }

    func createAudience(_ definition: AudienceDefinition) async throws -> AudienceView {
        try await call(.POST, "/v1/audiences", definition)
    }

    func updateAudience(_ name: String, to definition: AudienceDefinition) async throws -> AudienceView {
        try await call(.PUT, Self.path(name), definition)
    }

    func deleteAudience(_ name: String) async throws { _ = try await client.send(.DELETE, Self.path(name)) }

    func preview(_ predicate: AudiencePredicate, exactly: Bool, sample: Int) async throws -> AudiencePreview {
        try await call(
            .POST, "/v1/audiences/preview", Preview(where: predicate.text, exact: exactly, sample: sample))
    }

    func members(of name: String, after: String?, limit: Int) async throws -> AudienceMembersView {
        var parameters = [("limit", "\(limit)")]
        if let after { parameters.append(("after", after)) }
        return try await get(Self.path(name, "/members"), parameters)
    }

    func sizes(
        of name: String, by interval: AudienceService.SizeInterval, from start: Int64?, to end: Int64?
    ) async throws -> [AudienceSizeView] {
        var parameters = [("by", interval.rawValue)]
        if let start { parameters.append(("from", Timestamp.text(start))) }
        if let end { parameters.append(("to", Timestamp.text(end))) }
        return try await get(Self.path(name, "/sizes"), parameters, as: Sizes.self).sizes
    }

    func overlap(_ names: [String]) async throws -> AudienceOverlap {
        try await call(.POST, "/v1/audiences/overlap", ["audiences": names])
    }

    func explain(_ name: String, person: String) async throws -> AudienceExplanationView {
        try await call(.POST, Self.path(name, "/explain"), ["person": person])
    }

    func changeList(_ name: String, persons: [String], isIn: Bool) async throws -> AudienceListChangeView {
        var all = AudienceListChangeView(changed: 0, unknown: [])
        var rest = persons[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(Self.listIDs))
            rest = rest.dropFirst(part.count)
            let done: AudienceListChangeView = try await call(
                .POST, Self.path(name, isIn ? "/add" : "/remove"), ["persons": part])
            all.changed += done.changed
            all.unknown += done.unknown
        }
        return all
    }

    func exportAudience(
        _ name: String, as format: AudienceService.ExportFormat, traits: [String],
        write: @Sendable ([UInt8]) throws -> Void
    ) async throws {
        let parameters = [("format", format.rawValue)] + traits.map { ("trait", $0) }
        try await client.receive(Self.path(name, "/export"), parameters, write)
    }

    func exportHashed(
        _ name: String, _ options: AdExportOptions, write: @Sendable ([UInt8]) throws -> Void
    ) async throws -> HashedExportReport {
        let consent = options.consent.map { question in
            question.channel + (question.purpose.map { ":" + $0 } ?? "")
        }
        let parameters = [
            ("platform", options.platform.rawValue), ("consent", consent ?? "none"),
            ("emailTrait", options.emailTrait), ("phoneTrait", options.phoneTrait),
            ("countryCode", options.countryCode),
        ]
        try await client.receive(Self.path(name, "/hashed"), parameters, write)
        return try await get(Self.path(name, "/hashed/report"), parameters)
    }

    func sendAudience(_ name: String, to url: String, traits: [String]) async throws -> AudienceSending {
        try await call(.POST, Self.path(name, "/send"), Sending(url: url, traits: traits))
    }

    func webhooks() async throws -> WebhookBacklog { try await get("/v1/webhooks") }

    func webhookSecret() async throws -> String { try await get("/v1/webhooks/secret", as: Secret.self).secret }

    func trackingPlan() async throws -> TrackingPlan? {
        do {
            return try await get("/v1/collection/plan", as: TrackingPlanDocument.self).plan
        } catch let failure as Failure where failure.code == "not_found" {
            return nil
        }
    }

    func setTrackingPlan(_ plan: TrackingPlan) async throws {
        let _: TrackingPlanDocument = try await call(.PUT, "/v1/collection/plan", TrackingPlanDocument(plan))
    }
}
