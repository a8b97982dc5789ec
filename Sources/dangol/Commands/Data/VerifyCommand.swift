import ArgumentParser
import EventLog
import Reports

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Reads every byte of every file and compares checksums.",
        discussion: """
            Damage is named by file and place. With damage the exit status is 2: restore a backup, or import the damaged \
            part again into a new workspace.

            Example:
              dangol verify && dangol backup /mnt/backup/$(date +%F)
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct View: Encodable {
        var files: Int
        var bytes: Int
        var events: Int
        var problems: [String]
    }

    func run() throws {
        let progress = Progress("Verifying", unit: "bytes")
        let result = try data.reading { log in
            defer { progress.finish() }
            return try log.verify { progress.update(share: $1 > 0 ? Double($0) / Double($1) : nil, count: $0) }
        }
        let amount =
            "\(NumberFormat.count(result.events)) events in \(result.files) files, \(NumberFormat.bytes(result.bytes))"
        var report = Report(
            result.problems.isEmpty ? "All is well: \(amount)." : "Damaged: \(result.problems.count) of \(amount).")
        if !result.problems.isEmpty {
            report.add(TextTable([.text("problem")], rows: result.problems.map { [TextTable.Cell($0, .red)] }))
        }
        let view = View(files: result.files, bytes: result.bytes, events: result.events, problems: result.problems)
        try output.emit(report, json: view)
        if !result.problems.isEmpty { throw ExitStatus.findings }
    }
}
