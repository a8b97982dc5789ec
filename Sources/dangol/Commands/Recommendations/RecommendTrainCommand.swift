import ArgumentParser
import Engine
import Recommendations
import Reports

struct RecommendTrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Trains a model on everything in the log.",
        discussion: """
            The new version answers from then on, unless it is worse on what persons did last, which is hidden from both. \
            The exit status is then 2. Ctrl-C changes nothing.

            Without settings the first training takes what the names of events and properties suggest, and says so.

            Examples:
              dangol recommend train --config recommend.yaml
              dangol recommend train        again, as the last time, with what has happened since
              dangol recommend train --server https://dangol.example.com
            """)

    @Option(
        help: ArgumentHelp(
            "Settings in YAML or JSON. (default: those of the last training, with what the workspace says of its events)",
            valueName: "file"))
    var config: String?

    @Flag(help: "Take the new version even if it is worse.")
    var force = false

    @OptionGroup var options: ModelOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try config.map { try RecommendationSettings.read($0) }
        if let settings, options.model != "default", options.model != settings.name {
            throw Failure.usage(
                "--model is '\(options.model)', but the file is about the model '\(settings.name)': leave one away")
        }
        Interrupt.watch()
        let progress = Progress("Training", unit: "")
        defer { progress.finish() }
        let training = TrainBody(
            model: settings?.name ?? options.model, settings: settings, isForced: force)
        let version = try await options.data.backend().recommendations.train(
            training, notice: { printError($0) },
            progress: { _, share in
                progress.update(share: share > 0 ? share : nil, count: nil)
                return !Interrupt.requested
            })
        progress.finish()
        try output.emit(ModelTable.report(version), json: version)
        if version.heldBack != nil { throw ExitStatus.findings }
    }
}
