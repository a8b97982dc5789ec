import ArgumentParser
import Engine
import Reports

struct CompactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Rewrites the files into one: smaller, faster, without what is deleted or too old.",
        discussion: """
            Queries go on meanwhile. The new file takes the place of the old ones only when it is whole, so ending this \
            with Ctrl-C loses nothing.

            Examples:
              dangol compact
              dangol compact --server http://127.0.0.1:8090 --key $DANGOL_KEY
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let progress = Progress("Compacting", unit: "events")
        let storage = try data.storage()
        let view: CompactionView
        do {
            defer { progress.finish() }
            view = try await storage.compact {
                progress.update(share: $1 > 0 ? Double($0) / Double($1) : nil, count: $0)
            }
        }
        let report = Report(
            "\(NumberFormat.count(view.events)) events: \(view.segmentsBefore) segments of "
                + "\(NumberFormat.bytes(view.bytesBefore)) became \(view.segments) of "
                + "\(NumberFormat.bytes(view.bytes)).")
        try output.emit(report, json: view)
    }
}
