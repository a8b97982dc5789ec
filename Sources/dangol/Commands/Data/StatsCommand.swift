import ArgumentParser
import Engine
import EventLog
import Reports

struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Shows how much is stored, from when to when, and how it lies on disk.",
        discussion: """
            Examples:
              dangol stats
              dangol stats --json

            'dangol events schema' lists the events and their properties.
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let statistics = try await data.backend().statistics()
        var report = Report("Workspace \(statistics.workspace)")
        var table = TextTable([.text(""), .number("")])
        func row(_ name: String, _ shown: String, _ plain: String) {
            table.add([TextTable.Cell(name, .dim), TextTable.Cell(shown)], values: [name, plain])
        }
        func row(_ name: String, _ count: Int) { row(name, NumberFormat.count(count), "\(count)") }
        func row(_ name: String, bytes: Int) { row(name, NumberFormat.bytes(bytes), "\(bytes)") }
        func row(_ name: String, time: String?) {
            guard let time, let milliseconds = Timestamp.milliseconds(time) else { return }
            row(name, Timestamp.short(milliseconds), time)
        }
        row("events", statistics.events)
        row("ids of persons", statistics.identities)
        row("merged ids", statistics.merges)
        row("event names", statistics.eventNames)
        row("property columns", statistics.propertyColumns)
        row("first event", time: statistics.firstEvent)
        row("last event", time: statistics.lastEvent)
        row("on disk", bytes: statistics.segmentBytes)
        if statistics.events > 0 {
            let each = Double(statistics.segmentBytes) / Double(statistics.events)
            row("per event", "\(NumberFormat.fixed(each, 1)) bytes", NumberFormat.fixed(each, 3))
        }
        row("segments", statistics.segments)
        row("write-ahead log", bytes: statistics.writeAheadLogBytes)
        let kept = Keeping.text(statistics.keepMilliseconds)
        row("kept for", kept, kept)
        report.add(table.named(csv: ["figure", "value"]))
        try output.emit(report, json: statistics)
    }
}
