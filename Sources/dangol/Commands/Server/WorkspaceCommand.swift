import Access
import ArgumentParser
import Engine
import Foundation

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
            The time zone decides when a day begins for audiences (today, this month), and when it is night for people whose \
            own zone is not known. Questions name their zone themselves.

            Examples:
              dangol workspace set
              dangol workspace set --time-zone Asia/Seoul --workspace shop
            """)

    @Option(help: ArgumentHelp("An IANA time zone, such as Asia/Seoul.", valueName: "zone"))
    var timeZone: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try await data.backend().settings(timeZone.map(WorkspaceSettings.init(timeZone:)))
        try output.emit(Report("Time zone: \(settings.timeZone)"), json: settings)
    }
}

struct WorkspaceCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Makes a workspace. Works while the server runs.",
        discussion: """
            Examples:
              dangol workspace create shop
            """)

    @Argument(help: ArgumentHelp("Letters (a to z), digits, '-' and '_'.", valueName: "name"))
    var name: String

    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("The folder that holds workspaces. (default: DANGOL_DATA, or ./data)", valueName: "dir"))
    var folder: String?

    func run() throws {
        let path = folder ?? Environment["DANGOL_DATA"] ?? "data"
        let workspace = try Workspace(data: path, name: name)
        let access = try Installation.openAccess(path)
        defer { try? access.close() }
        if workspace.exists {
            throw Failure(.failure, code: "already_exists", "the workspace '\(name)' is there already")
        }
        try access.registerWorkspace(name, by: .commandLine)
        printOut("The workspace \(name) is made.")
    }
}

struct WorkspaceListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the workspaces of a data folder.",
        discussion: """
            Examples:
              dangol workspace list --json
            """)

    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("The folder that holds workspaces. (default: DANGOL_DATA, or ./data)", valueName: "dir"))
    var folder: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let path = folder ?? Environment["DANGOL_DATA"] ?? "data"
        let access = try Installation.openAccess(path)
        defer { try? access.close() }
        let names = Set(try Workspace.names(in: path) + access.registeredWorkspaces().map(\.name)).sorted()
        var table = TextTable([.text("workspace")])
        for name in names { table.add([TextTable.Cell(name)]) }
        var report = Report(Plural.of(names.count, "workspace"))
        report.add(table)
        try output.emit(report, json: names)
    }
}
