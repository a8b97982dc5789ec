import ArgumentParser
import Engine
import Reports

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Reads every byte of every file and compares checksums.",
        discussion: """
            Damage is named by file and place. With damage the exit status is 2: restore a backup, or import the damaged \
            part again into a new workspace.

            Examples:
              dangol verify && dangol backup /mnt/backup/$(date +%F)
              dangol verify --server http://127.0.0.1:8090 --key $DANGOL_KEY
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let progress = Progress("Verifying", unit: "bytes")
        let storage = try data.storage()
        let view: VerificationView
        do {
            defer { progress.finish() }
            view = try await storage.verify {
                progress.update(share: $1 > 0 ? Double($0) / Double($1) : nil, count: $0)
            }
        }
        let amount =
            "\(NumberFormat.count(view.events)) events in \(view.files) files, \(NumberFormat.bytes(view.bytes))"
        var report = Report(
            view.problems.isEmpty ? "All is well: \(amount)." : "Damaged: \(view.problems.count) of \(amount).")
        if !view.problems.isEmpty {
            report.add(TextTable([.text("problem")], rows: view.problems.map { [TextTable.Cell($0, .red)] }))
        }
        try output.emit(report, json: view)
        if !view.problems.isEmpty { throw ExitStatus.findings }
    }
}
