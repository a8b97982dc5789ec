import ArgumentParser
import Engine
import Reports

struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook",
        abstract: "Tells which calls of webhooks wait, and the secret that signs them.",
        discussion: """
            Examples:
              dangol webhook
              dangol webhook --secret
            """)

    @Flag(help: "Print the secret with which a receiver checks who called.")
    var secret = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let backend = try data.backend()
        if secret {
            printOut(try await backend.webhookSecret())
            return
        }
        let backlog = try await backend.webhooks()
        var report = Report("\(Plural.of(backlog.waiting, "call")) \(backlog.waiting == 1 ? "waits" : "wait")")
        if backlog.failedAttempts > 0 {
            report.summary.append("one of them has failed \(Plural.of(backlog.failedAttempts, "time"))")
        }
        try output.emit(report, json: backlog)
    }
}
