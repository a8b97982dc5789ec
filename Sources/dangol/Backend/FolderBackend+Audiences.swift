import Audiences
import Collection
import Engine
import EventLog
import Foundation
import Server

extension FolderBackend {
    func audiences() async throws -> [AudienceView] {
        try await folder.live { try $0.audiences.list().map(AudienceView.init) }
    }

    func audience(_ name: String) async throws -> AudienceView {
        try await folder.live { AudienceView(try $0.audiences.audience(name)) }
    }

    func createAudience(_ definition: AudienceDefinition) async throws -> AudienceView {
        try await folder.live { AudienceView(try $0.audiences.create(definition)) }
    }

    func updateAudience(_ name: String, to definition: AudienceDefinition) async throws -> AudienceView {
        try await folder.live { AudienceView(try $0.audiences.update(name, to: definition)) }
    }

    func deleteAudience(_ name: String) async throws { try await folder.live { try $0.audiences.delete(name) } }

    func preview(_ predicate: AudiencePredicate, exactly: Bool, sample: Int) async throws -> AudiencePreview {
        try await folder.live { try $0.audiences.preview(predicate, exactly: exactly, sample: sample) }
    }

    func members(of name: String, after: String?, limit: Int) async throws -> AudienceMembersView {
        try await folder.live { AudienceMembersView(try $0.audiences.members(name, after: after, limit: limit)) }
    }

    func sizes(
        of name: String, by interval: AudienceService.SizeInterval, from start: Int64?, to end: Int64?
    ) async throws -> [AudienceSizeView] {
        try await folder.live { live in
            let end = end ?? live.now() + 1
            let start = start ?? end - (interval == .day ? 30 : 2) * 86_400_000
            return try live.audiences.sizes(name, by: interval, from: start, to: end).map(AudienceSizeView.init)
        }
    }

    func overlap(_ names: [String]) async throws -> AudienceOverlap {
        try await folder.live { try $0.audiences.overlap(names) }
    }

    func explain(_ name: String, person: String) async throws -> AudienceExplanationView {
        try await folder.live { try $0.explain(name, person: person) }
    }

    func changeList(_ name: String, persons: [String], isIn: Bool) async throws -> AudienceListChangeView {
        try await folder.live { try $0.changeList(name, persons: persons, isIn: isIn) }
    }

    func exportAudience(
        _ name: String, as format: AudienceService.ExportFormat, traits: [String],
        write: @Sendable ([UInt8]) throws -> Void
    ) async throws {
        try await folder.live { try $0.audiences.export(name, as: format, traits: traits) { try write(Array($0)) } }
    }

    func exportHashed(
        _ name: String, _ options: AdExportOptions, write: @Sendable ([UInt8]) throws -> Void
    ) async throws -> HashedExportReport {
        try await folder.live { live in
            var report = HashedExportReport()
            var cursor: String?
            repeat {
                let page = try live.audiences.adExportPage(name, options, after: cursor, report: &report)
                try write(page.part)
                cursor = page.next
            } while cursor != nil
            return report
        }
    }

    /// Makes the calls at once: here is no server that would.
    func sendAudience(_ name: String, to url: String, traits: [String]) async throws -> AudienceSending {
        let configuration = try await ServeConfiguration.read(flags: ["data": folder.data], file: nil)
        let rules = configuration.server.webhooks
        try rules.check(url)
        return try await folder.opened { live in
            try live.catchUp()
            let calls = try live.audiences.send(name, to: url, request: UUID().uuidString, traits: traits)
            let sender = HTTPWebhookSender(rules: rules)
            var total = WebhookReport()
            while true {
                let report = try await live.deliverWebhooks(with: sender, rules: rules)
                if report == WebhookReport() { break }
                total.delivered += report.delivered
                total.postponed += report.postponed
                total.abandoned += report.abandoned
                total.failure = report.failure ?? total.failure
            }
            return AudienceSending(calls: calls, report: total)
        }
    }

    func webhooks() async throws -> WebhookBacklog { try await folder.live { try $0.webhookBacklog() } }

    func webhookSecret() async throws -> String {
        try await folder.live { WebhookSignature.text(try $0.webhookSecret()) }
    }

    func trackingPlan() async throws -> TrackingPlan? { try await folder.live { $0.collection.settings.plan } }

    func setTrackingPlan(_ plan: TrackingPlan) async throws {
        try await folder.live { live in
            var settings = live.collection.settings
            settings.plan = plan
            try live.collection.set(settings)
        }
    }
}
