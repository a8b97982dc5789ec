import ArgumentParser
import Engine
import EventLog
import Reports

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the workspace as it is now into a new folder, also while it is written.",
        discussion: """
            Examples:
              dangol backup /mnt/backup/2024-06-01
              dangol restore /mnt/backup/2024-06-01 --workspace yesterday
            """)

    @Argument(help: ArgumentHelp("A new or empty folder.", valueName: "folder"))
    var target: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let workspace = try data.open()
        let statistics = try workspace.backup(to: target)
        try output.emit(
            Report("\(NumberFormat.count(statistics.events)) events are in \(target)."),
            json: StatisticsView(workspace: workspace.name, statistics))
    }
}
