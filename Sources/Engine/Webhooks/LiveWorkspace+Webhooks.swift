import Audiences
package import Foundation
import State

/// What a pass over the calls that wait has done.
package struct WebhookReport: Sendable, Hashable, Codable {
    package var delivered = 0
    /// Failed, and to be tried again later.
    package var postponed = 0
    /// Failed for good, and removed.
    package var abandoned = 0
    /// The words of the last failure.
    package var failure: String?

    package init() {}
}

/// The calls that wait.
package struct WebhookBacklog: Sendable, Hashable, Codable {
    package var waiting: Int
    /// Failed attempts of the call that failed most.
    package var failedAttempts: Int
}

extension LiveWorkspace {
    private static let webhookTopic = "webhook"
    private static let webhookSecretName = "webhook.secret"
    /// Calls in one pass, and at the same time.
    private static let webhookCalls = 20
    private static let webhooksAtOnce = 4
    /// Seconds until the next attempt, by the number of attempts that failed. After the last the call is given up.
    static let webhookDelays: [Int64] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 86_400]

    /// The secret that signs this workspace's calls, made when it is first asked for.
    package func webhookSecret() throws -> Data {
        try state.write { db in
            if let known = try StateSettings.value(Self.webhookSecretName, in: db) { return known }
            let new = WebhookSignature.makeSecret()
            try StateSettings.set(Self.webhookSecretName, new, in: db)
            return new
        }
    }

    package func webhookBacklog() throws -> WebhookBacklog {
        let found = try state.read { try Outbox.backlog(topic: Self.webhookTopic, in: $0) }
        return WebhookBacklog(waiting: found.waiting, failedAttempts: found.attempts)
    }

    /// Makes the calls that are due, once each. A call that fails is due again later, up to two days after the first
    /// attempt; each attempt carries the same `webhook-id`, so that a receiver knows what it has had.
    ///
    /// - Returns: what became of them; nothing at all when none was due.
    package func deliverWebhooks(with sender: any WebhookSender, rules: WebhookRules) async throws -> WebhookReport {
        let entries = try dueWebhooks()
        var report = WebhookReport()
        if entries.isEmpty { return report }
        let signature = WebhookSignature(secret: try webhookSecret())
        let now = now()
        var waiting = entries[...]
        try await withThrowingTaskGroup(of: (Outbox.Entry, WebhookOutcome).self) { group in
            func next() {
                guard let entry = waiting.popFirst() else { return }
                group.addTask {
                    (entry, await Self.call(entry, signature, now: now, sender: sender, rules: rules))
                }
            }
            for _ in 0..<Self.webhooksAtOnce { next() }
            while let (entry, outcome) = try await group.next() {
                try settle(entry, outcome, &report)
                next()
            }
        }
        return report
    }

    private func dueWebhooks() throws -> [Outbox.Entry] {
        try state.read { try Outbox.due(topic: Self.webhookTopic, now: now(), limit: Self.webhookCalls, in: $0) }
    }

    private static func call(
        _ entry: Outbox.Entry, _ signature: WebhookSignature, now: Int64, sender: any WebhookSender,
        rules: WebhookRules
    ) async -> WebhookOutcome {
        do {
            let call = try JSONDecoder().decode(WebhookCall.self, from: entry.payload)
            try rules.check(call.url)
            let body = Data(call.body.utf8)
            var headers = [WebhookRequest.Header("content-type", "application/json")]
            headers += signature.headers(id: signature.id(of: entry.key), time: now, body: body)
            return WebhookOutcome(
                try await sender.send(WebhookRequest(url: call.url, headers: headers, body: body)))
        } catch let error as WebhookRefusal {
            return .refused(error.message)
        } catch {
            return .failed("\(error)", retryAfterSeconds: nil)
        }
    }

    private func settle(_ entry: Outbox.Entry, _ outcome: WebhookOutcome, _ report: inout WebhookReport) throws {
        switch outcome {
        case .delivered:
            report.delivered += 1
            try state.write { try Outbox.remove([entry.id], in: $0) }
        case .refused(let reason):
            report.abandoned += 1
            report.failure = reason
            try state.write { try Outbox.remove([entry.id], in: $0) }
        case .failed(let reason, let retryAfterSeconds):
            report.failure = reason
            guard entry.attempts < Self.webhookDelays.count else {
                report.abandoned += 1
                try state.write { try Outbox.remove([entry.id], in: $0) }
                return
            }
            report.postponed += 1
            let seconds = max(Self.webhookDelays[entry.attempts], Int64(min(retryAfterSeconds ?? 0, 86_400)))
            let due = now() + seconds * 1000
            try state.write { try Outbox.postpone(entry.id, to: due, error: reason, in: $0) }
        }
    }
}

private enum WebhookOutcome: Sendable {
    case delivered
    case failed(String, retryAfterSeconds: Int?)
    /// It makes no sense to try again.
    case refused(String)

    init(_ answer: WebhookAnswer) {
        switch answer.status {
        case 200..<300: self = .delivered
        case 300..<400:
            self = .failed("answered \(answer.status), and redirects are not followed", retryAfterSeconds: nil)
        case 410: self = .refused("answered 410: there is nothing at this address any more")
        default: self = .failed("answered \(answer.status)", retryAfterSeconds: answer.retryAfterSeconds)
        }
    }
}
