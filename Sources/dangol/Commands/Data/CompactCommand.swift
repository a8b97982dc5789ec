import ArgumentParser
import EventLog
import Reports

struct CompactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Rewrites the files into one: smaller, faster, without what is deleted or too old.",
        discussion: """
            Queries go on meanwhile. The new file takes the place of the old ones only when it is whole, so ending this \
            with Ctrl-C loses nothing.

            Example:
              dangol compact
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct View: Encodable {
        var events: Int
        var segmentsBefore: Int
        var segments: Int
        var bytesBefore: Int
        var bytes: Int
    }

    func run() async throws {
        let progress = Progress("Compacting", unit: "events")
        let (before, after) = try await data.writing { log in
            defer { progress.finish() }
            let before = try log.statistics
            try log.compact { progress.update(share: $1 > 0 ? Double($0) / Double($1) : nil, count: $0) }
            return (before, try log.statistics)
        }
        let report = Report(
            "\(NumberFormat.count(after.events)) events: \(before.segments) segments of "
                + "\(NumberFormat.bytes(before.segmentBytes)) became \(after.segments) of "
                + "\(NumberFormat.bytes(after.segmentBytes)).")
        let view = View(
            events: after.events, segmentsBefore: before.segments, segments: after.segments,
            bytesBefore: before.segmentBytes, bytes: after.segmentBytes)
        try output.emit(report, json: view)
    }
}
