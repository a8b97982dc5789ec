import Foundation
import ServiceLifecycle

/// Makes the calls of all workspaces, until it is asked to end. A call under way is given up then, and made again by
/// the next server.
package struct WebhookWorker: Service {
    private let installation: Installation
    private let sender: any WebhookSender
    private let rules: WebhookRules
    private let onFailure: @Sendable (_ workspace: String, _ report: WebhookReport) -> Void

    /// - Parameter onFailure: hears of every pass in which a call failed.
    package init(
        installation: Installation, sender: any WebhookSender, rules: WebhookRules,
        onFailure: @escaping @Sendable (_ workspace: String, _ report: WebhookReport) -> Void
    ) {
        self.installation = installation
        self.sender = sender
        self.rules = rules
        self.onFailure = onFailure
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let worked = await pass()
                // Looking is one search in an index.
                if !worked { try? await Task.sleep(for: .seconds(1)) }
            }
        }
    }

    /// - Returns: whether any call was made.
    private func pass() async -> Bool {
        var worked = false
        for workspace in installation.workspaces {
            do {
                let report = try await workspace.deliverWebhooks(with: sender, rules: rules)
                if report != WebhookReport() { worked = true }
                if report.failure != nil { onFailure(workspace.workspace.name, report) }
            } catch {
                if Task.isCancelled { return false }
                var report = WebhookReport()
                report.failure = "\(error)"
                onFailure(workspace.workspace.name, report)
            }
        }
        return worked
    }
}
