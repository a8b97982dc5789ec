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
            """)

    @Option(
        help: ArgumentHelp(
            "Settings in YAML or JSON. (default: those of the last training, or what the events suggest)",
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
        let version = try options.service { service in
            let chosen = try settings ?? known(service)
            return try service.train(chosen, isForced: force) { _, share in
                progress.update(share: share > 0 ? share : nil, count: nil)
                return !Interrupt.requested
            }
        }
        progress.finish()
        try output.emit(ModelTable.report(version), json: version)
        if version.heldBack != nil { throw ExitStatus.findings }
    }

    /// What the last training had, or what the names in the log suggest.
    private func known(_ service: RecommendationService) throws -> RecommendationSettings {
        do {
            return try service.settings(options.model)
        } catch let error as RecommendationError where error.code == .notFound {
            var suggested = try options.data.reading { try RecommendationSettings.suggested(by: $0) }
            suggested.name = options.model
            let events = suggested.interactions.map { "\($0.event) (\($0.item))" }
            printError("Learning from \(events.joined(separator: ", ")). --config says otherwise.")
            return suggested
        }
    }
}
