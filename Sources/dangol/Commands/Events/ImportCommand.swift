import ArgumentParser
import Engine
import EventLog
import Reports

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Reads events from files or standard input.",
        discussion: """
            JSON Lines in Segment's shape need no options. Columns (commas, tabs, or aligned with spaces) need to know \
            which is which. Gzip is recognised. Importing a file again, or after it has grown, adds only what is new; so \
            after an error or Ctrl-C, just import again.

            Lines that cannot be used go to a file of their own, with number and reason; the exit status is then 2.

            Examples:
              dangol import events.jsonl more.jsonl.gz
              cat logs/*.jsonl | dangol import -
              dangol import orders.csv --person customer --time date --event "Order Completed"
              dangol import orders.csv --person customer --time date --time-format dd.MM.yyyy --event kind
              dangol import CDNOW_master.txt --person customer_id --time date --time-format yyyyMMdd \\
                --event Purchase --property cds=number_of_cds --property dollars=dollar_value
            """)

    @Argument(help: ArgumentHelp("Files; '-' is standard input.", valueName: "file"))
    var files: [String]

    @OptionGroup(title: "Options for columns") var columns: ColumnOptions
    @OptionGroup(title: "Options for lines that cannot be used") var rejects: RejectOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let files = try files.map {
            ImportFile(
                path: $0, options: try columns.importOptions(for: $0), parameters: columns.parameters(for: $0))
        }
        Interrupt.watch(late: { printError(ImportReport.consistent) })
        var report = ImportReport()
        do {
            try await data.backend().importFiles(files, rejects, &report)
        } catch {
            throw report.explaining(error)
        }
        try output.emit(report.report, json: report.view)
        if report.rejected > 0 { throw ExitStatus.findings }
    }
}

/// What an import did, file by file.
struct ImportReport {
    struct Source {
        var file: String
        var summary = ImportService.Summary()
    }

    var sources: [Source] = []

    /// Adds a source and returns its place.
    mutating func begin(_ file: String) -> Int {
        sources.append(Source(file: file))
        return sources.count - 1
    }

    var rejected: Int { sources.reduce(0) { $0 + $1.summary.rejected } }
    private var stored: Int { sources.reduce(0) { $0 + $1.summary.stored } }

    /// What an import says that waited for input until its time was over.
    static let consistent = "Stopped. What was stored stays; import the same again to go on from there."

    /// The error that ended an import, with what it leaves behind.
    func explaining(_ error: any Error) -> Failure {
        var failure = Failure(error)
        if stored > 0 {
            let kept =
                "\(Plural.of(stored, "event")) that came before are stored; import the same again to go on from there"
            failure.message += ". \(kept)."
        }
        return failure
    }

    var report: Report {
        var report = Report(headline)
        if sources.count > 1 { report.add(table) }
        for source in sources {
            let summary = source.summary
            if let file = summary.rejectFile {
                report.notes.append(
                    "Rejected lines and the reasons are in \(file).")
            }
        }
        return report
    }

    private var headline: String {
        let seconds = sources.reduce(0) { $0 + $1.summary.seconds }
        let known = sources.reduce(0) { $0 + Int($1.summary.linesSkipped) }
        let duplicates = sources.reduce(0) { $0 + $1.summary.duplicates }
        if stored == 0, known > 0, rejected == 0 {
            return "Nothing new: all \(NumberFormat.count(known)) lines had been imported before."
        }
        var parts = ["\(Plural.of(stored, "event")) stored"]
        if seconds > 0.05, stored > 0 {
            parts[0] +=
                " in \(NumberFormat.duration(seconds: seconds)) (\(NumberFormat.count(Int(Double(stored) / seconds))) a second)"
        }
        if known > 0 { parts.append("\(Plural.of(known, "line")) had been imported before") }
        if duplicates > 0 { parts.append("\(NumberFormat.count(duplicates)) had a message id that was there already") }
        if rejected > 0 { parts.append("\(Plural.of(rejected, "line")) rejected") }
        return parts.joined(separator: "; ") + "."
    }

    private var table: TextTable {
        var table = TextTable([
            .text("file"), .number("lines"), .number("stored"), .number("known"), .number("duplicates"),
            .number("rejected"),
        ])
        for source in sources {
            let summary = source.summary
            let counts = [
                Int(summary.lines), summary.stored, Int(summary.linesSkipped), summary.duplicates, summary.rejected,
            ]
            table.add(
                [TextTable.Cell(source.file)] + counts.map { TextTable.Cell(NumberFormat.count($0)) },
                values: [source.file] + counts.map(String.init))
        }
        return table
    }

    struct View: Encodable {
        struct Source: Encodable {
            var file: String
            var lines: UInt64
            var stored: Int
            var linesKnown: UInt64
            var duplicates: Int
            var rejected: Int
            var rejectFile: String?
            var seconds: Double
        }

        var stored: Int
        var rejected: Int
        var sources: [Source]
    }

    var view: View {
        View(
            stored: stored, rejected: rejected,
            sources: sources.map { source in
                let summary = source.summary
                return View.Source(
                    file: source.file, lines: summary.lines, stored: summary.stored,
                    linesKnown: summary.linesSkipped, duplicates: summary.duplicates,
                    rejected: summary.rejected, rejectFile: summary.rejectFile, seconds: summary.seconds)
            })
    }
}
