import ArgumentParser
import Engine
import Foundation
import Reports
import Settings

struct WorkspaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workspace",
        abstract: "Makes, lists and sets up workspaces: one for each business, apart from each other.",
        subcommands: [WorkspaceCreateCommand.self, WorkspaceListCommand.self, WorkspaceSetCommand.self])
}

struct WorkspaceSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Shows what a workspace is set to, or changes it.",
        discussion: """
            The time zone decides when a day begins for audiences (today, this month) and in the console, and when it is \
            night for people whose own zone is not known. Questions on the command line name their zone themselves.

            Examples:
              dangol workspace set
              dangol workspace set --time-zone Asia/Seoul --currency KRW --locale ko-KR --workspace shop
            """)

    @Option(help: ArgumentHelp("What people call the workspace.", valueName: "text"))
    var title: String?

    @Option(help: ArgumentHelp("An IANA time zone, such as Asia/Seoul.", valueName: "zone"))
    var timeZone: String?

    @Option(help: ArgumentHelp("monday, sunday or saturday.", valueName: "day"))
    var weekStart: WorkspaceSettings.WeekStart?

    @Option(help: ArgumentHelp("What money is counted in, such as KRW.", valueName: "code"))
    var currency: String?

    @Option(help: ArgumentHelp("The language of whoever has not chosen one, such as ko-KR.", valueName: "tag"))
    var locale: String?

    @Option(help: ArgumentHelp("A session ends after so long without an event.", valueName: "minutes"))
    var sessionMinutes: Int?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var change = SettingsChange()
        (change.title, change.timeZone, change.weekStart) = (title, timeZone, weekStart)
        (change.currency, change.locale, change.sessionMinutes) = (currency, locale, sessionMinutes)
        let settings = try await data.backend().settings(change.isEmpty ? nil : change)
        var table = TextTable([.text("setting"), .text("value")])
        for (name, value) in [
            ("title", settings.title ?? ""), ("time zone", settings.timeZone),
            ("week starts on", settings.weekStart.rawValue), ("currency", settings.currency),
            ("locale", settings.locale), ("session ends after", "\(settings.sessionMinutes) minutes"),
        ] { table.add([TextTable.Cell(name), TextTable.Cell(value)]) }
        var report = Report(settings.title ?? "Settings")
        report.add(table)
        try output.emit(report, json: settings)
    }
}

struct WorkspaceCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Makes a workspace. Works while the server runs.",
        discussion: """
            Works on the data folder alone: a server's key belongs to one workspace. Owners make workspaces in the \
            console too.

            Examples:
              dangol workspace create shop
            """)

    @Argument(help: ArgumentHelp("Letters (a to z), digits, '-' and '_'.", valueName: "name"))
    var name: String

    @OptionGroup var data: DataOptions

    func run() async throws {
        try await data.access().createWorkspace(name)
        printOut("The workspace \(name) is made.")
    }
}

struct WorkspaceListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the workspaces of a data folder, or those that a key reaches.",
        discussion: """
            Examples:
              dangol workspace list --json
              dangol workspace list --server http://127.0.0.1:8090 --key $DANGOL_KEY
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let names = try await data.access().workspaces()
        var table = TextTable([.text("workspace")])
        for name in names { table.add([TextTable.Cell(name)]) }
        var report = Report(Plural.of(names.count, "workspace"))
        report.add(table)
        try output.emit(report, json: names)
    }
}

extension WorkspaceSettings.WeekStart: ExpressibleByArgument {}
