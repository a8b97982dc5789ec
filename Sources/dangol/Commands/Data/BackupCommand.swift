import ArgumentParser
import Engine
import Reports

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the workspace as it is now into a new folder, also while it is written.",
        discussion: """
            Of a server the copy comes over the network, and what has arrived is read and its checksums compared. The key \
            needs the scopes export, events:read, people:read, people:delete and settings:write: everything is in it.

            Examples:
              dangol backup /mnt/backup/2024-06-01
              dangol restore /mnt/backup/2024-06-01 --workspace yesterday
              dangol backup /mnt/backup/2024-06-01 --server https://dangol.example.com --key $DANGOL_KEY
            """)

    @Argument(help: ArgumentHelp("A new or empty folder.", valueName: "folder"))
    var target: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let progress = Progress("Copying", unit: "bytes")
        let storage = try data.storage()
        let view: StatisticsView
        do {
            defer { progress.finish() }
            view = try await storage.backup(to: target) { progress.update(share: nil, count: $0) }
        }
        try output.emit(Report("\(NumberFormat.count(view.events)) events are in \(target)."), json: view)
    }
}
