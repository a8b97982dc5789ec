import ArgumentParser
import Engine
import Lifecycle
import Reports

struct IntentTrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Learns from all sessions that have ended how they go on.",
        discussion: """
            Which event is what (a view, the cart, a purchase) is taken from the settings of intent, or from the names \
            of the events. The new version answers from then on, also in a running server, unless it is worse with \
            people whom no version has learned from. The exit status is then 2. Ctrl-C changes nothing.

            Examples:
              dangol intent train
              dangol intent train --json
            """)

    @Flag(help: "Take the new version even if it is worse.")
    var force = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        Interrupt.watch()
        let progress = Progress("Training", unit: "")
        defer { progress.finish() }
        let version = try await data.backend().intent.train(isForced: force) { share in
            progress.update(share: share > 0 ? share : nil, count: nil)
            return !Interrupt.requested
        }
        progress.finish()
        try output.emit(IntentTable.report(version), json: version)
        if version.heldBack != nil { throw ExitStatus.findings }
    }
}
