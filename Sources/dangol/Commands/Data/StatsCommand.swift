import ArgumentParser
import Engine
import EventLog

struct StatsCommand: ParsableCommand {
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

    func run() throws {
        let workspace = try data.open()
        let statistics = try data.reading { try $0.statistics }
        var report = Report("Workspace \(workspace.name)")
        var table = TextTable([.text(""), .number("")])
        func row(_ name: String, _ shown: String, _ plain: String) {
            table.add([TextTable.Cell(name, .dim), TextTable.Cell(shown)], values: [name, plain])
        }
        row("events", NumberFormat.count(statistics.events), "\(statistics.events)")
        row("ids of persons", NumberFormat.count(statistics.identities), "\(statistics.identities)")
        row("merged ids", NumberFormat.count(statistics.merges), "\(statistics.merges)")
        row("event names", NumberFormat.count(statistics.eventNames.count), "\(statistics.eventNames.count)")
        row("property columns", NumberFormat.count(statistics.properties.count), "\(statistics.properties.count)")
        if let range = statistics.timeRange {
            row("first event", Timestamp.short(range.lowerBound), Timestamp.text(range.lowerBound))
            row("last event", Timestamp.short(range.upperBound), Timestamp.text(range.upperBound))
        }
        row("on disk", NumberFormat.bytes(statistics.segmentBytes), "\(statistics.segmentBytes)")
        if statistics.events > 0 {
            let each = Double(statistics.segmentBytes) / Double(statistics.events)
            row("per event", "\(NumberFormat.fixed(each, 1)) bytes", NumberFormat.fixed(each, 3))
        }
        row("segments", NumberFormat.count(statistics.segments), "\(statistics.segments)")
        row("write-ahead log", NumberFormat.bytes(statistics.writeAheadLogBytes), "\(statistics.writeAheadLogBytes)")
        row("kept for", Keeping.text(statistics.retention), Keeping.text(statistics.retention))
        report.add(table.named(csv: ["figure", "value"]))
        try output.emit(report, json: StatisticsView(workspace: workspace.name, statistics))
    }
}

/// The figures of a log, for `--json`.
struct StatisticsView: Encodable {
    var workspace: String
    var events: Int
    var identities: Int
    var merges: Int
    var eventNames: Int
    var propertyColumns: Int
    var firstEvent: String?
    var lastEvent: String?
    var segments: Int
    var segmentBytes: Int
    var writeAheadLogBytes: Int
    var recentEvents: Int
    var keepMilliseconds: Int64?

    init(workspace: String, _ statistics: LogStatistics) {
        self.workspace = workspace
        events = statistics.events
        identities = statistics.identities
        merges = statistics.merges
        eventNames = statistics.eventNames.count
        propertyColumns = statistics.properties.count
        firstEvent = statistics.timeRange.map { Timestamp.text($0.lowerBound) }
        lastEvent = statistics.timeRange.map { Timestamp.text($0.upperBound) }
        segments = statistics.segments
        segmentBytes = statistics.segmentBytes
        writeAheadLogBytes = statistics.writeAheadLogBytes
        recentEvents = statistics.recentEvents
        keepMilliseconds = statistics.retention
    }
}
