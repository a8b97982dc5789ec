import Audiences
import Collection
import Engine
import Insights
import Lifecycle

/// What commands do with audiences and definitions, in a folder or by a server.
protocol AudienceBackend: Sendable {
    func audiences() async throws -> [AudienceView]
    func audience(_ name: String) async throws -> AudienceView
    func createAudience(_ definition: AudienceDefinition) async throws -> AudienceView
    func updateAudience(_ name: String, to definition: AudienceDefinition) async throws -> AudienceView
    func deleteAudience(_ name: String) async throws
    func preview(_ predicate: AudiencePredicate, exactly: Bool, sample: Int) async throws -> AudiencePreview
    func members(of name: String, after: String?, limit: Int) async throws -> AudienceMembersView
    /// - Parameter start: milliseconds UTC, as `end`; nil is what is usual.
    func sizes(
        of name: String, by interval: AudienceService.SizeInterval, from start: Int64?, to end: Int64?
    ) async throws -> [AudienceSizeView]
    func overlap(_ names: [String]) async throws -> AudienceOverlap
    func explain(_ name: String, person: String) async throws -> AudienceExplanationView
    func changeList(_ name: String, persons: [String], isIn: Bool) async throws -> AudienceListChangeView
    func exportAudience(
        _ name: String, as format: AudienceService.ExportFormat, traits: [String],
        write: @Sendable ([UInt8]) throws -> Void
    ) async throws
    func exportHashed(
        _ name: String, _ options: AdExportOptions, write: @Sendable ([UInt8]) throws -> Void
    ) async throws -> HashedExportReport
    /// - Returns: the number of calls, and what became of those that have been made by now.
    func sendAudience(_ name: String, to url: String, traits: [String]) async throws -> AudienceSending
    func webhooks() async throws -> WebhookBacklog
    /// The text of the secret that signs calls.
    func webhookSecret() async throws -> String
    func trackingPlan() async throws -> TrackingPlan?
    func setTrackingPlan(_ plan: TrackingPlan) async throws
}

/// What became of an audience that was sent.
struct AudienceSending: Sendable, Codable {
    var calls: Int
    /// Nil where a server makes the calls, later.
    var report: WebhookReport?
}

extension Backend {
    /// Everything that is defined, insights and dashboards in the order in which they were made.
    func definitions() async throws -> Definitions {
        let questions = try await insights.insights()
        let names = questions.mapValues(\.name)
        let dashboards = try await insights.dashboards()
        let moments = try await intent.settings()
        return Definitions(
            audiences: try await audiences().map(\.definition),
            insights: questions.sorted { $0.key < $1.key }.map(\.value),
            dashboards: dashboards.sorted { $0.key < $1.key }.map { DashboardDocument($0.value, names: names) },
            journeyMap: try await insights.journeyMap(), feedback: try await recommendations.feedback(),
            placements: try await recommendations.placements(),
            // As it is at first, it is nothing that anybody has defined.
            intent: moments == IntentSettings() ? nil : moments, trackingPlan: try await trackingPlan())
    }
}
