import ArgumentParser
import Engine
import Reports

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the events out again, as JSON Lines or CSV.",
        discussion: """
            JSON Lines are in Segment's shape; 'dangol import' reads them back into an empty workspace as the same \
            events of the same persons. CSV has a column for each property; lists are JSON arrays.

            Examples:
              dangol export > events.jsonl
              dangol export --format csv --output orders.csv --event "Order Completed"
              dangol export | gzip > events.jsonl.gz
            """)

    @Option(help: ArgumentHelp("jsonl or csv.", valueName: "format"))
    var format: ExportService.Format = .jsonLines

    @Option(help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("Only events of this name; may be repeated.", valueName: "name"))
    var event: [String] = []

    @OptionGroup var data: DataOptions

    func run() async throws {
        Interrupt.watch()
        let progress = Progress("Exporting", unit: "events")
        defer { progress.finish() }
        let sink = try output.map { try ByteOutput(creating: $0) } ?? .standardOutput
        let written = try await data.backend().export(format, events: Set(event), progress: progress) {
            try sink.write($0)
        }
        try sink.flush()
        if let output {
            progress.finish()
            printError("\(NumberFormat.count(written)) events are in \(output).")
        }
    }
}

extension ExportService.Format: ExpressibleByArgument {}
