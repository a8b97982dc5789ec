import ArgumentParser
import Engine
import EventLog
import Reports

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Makes a workspace out of a backup. Overwrites nothing.",
        discussion: """
            Every byte of the backup is checked first.

            Example:
              dangol restore /mnt/backup/2024-06-01 --workspace shop
            """)

    @Argument(help: ArgumentHelp("The folder of a backup.", valueName: "folder"))
    var source: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let workspace = try data.open()
        let statistics = try workspace.restore(from: source)
        try output.emit(
            Report("The workspace '\(workspace.name)' has \(NumberFormat.count(statistics.events)) events again."),
            json: StatisticsView(workspace: workspace.name, statistics))
    }
}
