import Engine
import Foundation
import NIOHTTP1
import Recommendations

/// Recommendations of a running server.
struct ServerRecommendations: RecommendationBackend {
    let client: APIClient

    private static let pause = Duration.milliseconds(300)

    private struct Feedback: Decodable {
        var settings: FeedbackSettings
        var isSet: Bool
    }

    func feedback() async throws -> FeedbackSettings? {
        let answer: Feedback = try APIClient.read(try await client.send(.GET, "/v1/recommendations/settings"))
        return answer.isSet ? answer.settings : nil
    }

    func setFeedback(_ settings: FeedbackSettings) async throws {
        _ = try await client.send(.PUT, "/v1/recommendations/settings", json: try JSONEncoder().encode(settings))
    }

    func placements() async throws -> [Placement] {
        let answer: [String: [Placement]] = try APIClient.read(try await client.send(.GET, "/v1/placements"))
        return answer["placements"] ?? []
    }

    func put(_ placement: Placement) async throws {
        _ = try await client.send(
            .PUT, "/v1/placements/\(APIClient.escaped(placement.name))", json: try JSONEncoder().encode(placement))
    }

    func train(
        _ training: TrainBody, notice: (String) -> Void,
        progress: @escaping @Sendable (_ stage: String, _ share: Double) -> Bool
    ) async throws -> ModelVersion {
        var job: TrainingView = try APIClient.read(
            try await client.send(.POST, "/v1/recommendations/train", json: try JSONEncoder().encode(training)))
        let number = job.number
        while job.state == TrainingDesk.State.running.rawValue, job.number == number {
            if !progress(job.stage, job.share) {
                _ = try await client.send(.DELETE, "/v1/recommendations/training")
            }
            try await Task.sleep(for: Self.pause)
            job = try APIClient.read(try await client.send(.GET, "/v1/recommendations/training"))
        }
        guard let version = job.version else {
            throw RecommendationError(
                job.code.flatMap { RecommendationError.Code(rawValue: $0) } ?? .io,
                job.error ?? "the training ended without a version")
        }
        return version
    }

    func versions(of model: String) async throws -> ModelVersionsView {
        try APIClient.read(try await client.send(.GET, path(model)))
    }

    func rollBack(_ model: String, to number: Int?) async throws -> ModelVersion {
        let body = try JSONEncoder().encode(number.map { ["version": $0] } ?? [:])
        return try APIClient.read(try await client.send(.POST, path(model) + "/activate", json: body))
    }

    private struct ListBody: Encodable {
        var person: String
        var count: Int
        var model: String
        var region: String?
        var language: String
    }

    func list(
        _ model: String, person: String, count: Int, region: String?, korean: Bool
    ) async throws -> ModelListView {
        let body = ListBody(
            person: person, count: count, model: model, region: region, language: korean ? "ko" : "en")
        return try APIClient.read(
            try await client.send(.POST, "/v1/recommendations/list", json: try JSONEncoder().encode(body)))
    }

    func page(_ page: ModelPageBody) async throws -> ModelPageView {
        try APIClient.read(
            try await client.send(.POST, "/v1/recommendations/page", json: try JSONEncoder().encode(page)))
    }

    func companions(of item: String, in model: String, days: Int, count: Int) async throws -> CompanionsView {
        try APIClient.read(
            try await client.send(
                .GET, "/v1/recommendations/companions",
                [("item", item), ("model", model), ("days", "\(days)"), ("limit", "\(count)")]))
    }

    func lookalikes(_ question: LookalikesBody) async throws -> LookalikesView {
        try APIClient.read(
            try await client.send(.POST, "/v1/recommendations/lookalikes", json: try JSONEncoder().encode(question)))
    }

    func export(_ lists: ListExportBody, write: ([UInt8]) throws -> Void) async throws -> [String] {
        try await client.receive(
            "/v1/recommendations/export", [], json: try JSONEncoder().encode(lists), write)
        return []
    }

    func results(of placement: String, days: Int) async throws -> PlacementResultsView {
        try APIClient.read(
            try await client.send(.GET, "/v1/placements/\(APIClient.escaped(placement))/results?days=\(days)"))
    }

    func whatIf(_ question: WhatIfBody, at placement: String) async throws -> WhatIfView {
        try APIClient.read(
            try await client.send(
                .POST, "/v1/placements/\(APIClient.escaped(placement))/what-if",
                json: try JSONEncoder().encode(question)))
    }

    private func path(_ model: String) -> String { "/v1/recommendations/models/\(APIClient.escaped(model))" }
}
