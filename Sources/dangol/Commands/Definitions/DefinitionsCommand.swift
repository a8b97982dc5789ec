import ArgumentParser
import Engine
import Foundation
import Reports

struct DefinitionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "definitions",
        abstract: "Writes what people have defined to YAML files.",
        subcommands: [DefinitionsExportCommand.self])
}

struct DefinitionsExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes what is defined to YAML files that 'dangol apply' reads.",
        discussion: """
            Audiences, insights, dashboards, the journey map, what events say, placements, intent and the tracking plan, a \
            file for each kind. Files of the same names are replaced. Without a folder they go to the folder config in the \
            workspace.

            Examples:
              dangol definitions export definitions/
              dangol definitions export definitions/ --server https://dangol.example.com
            """)

    @Argument(help: ArgumentHelp("The folder to write to.", valueName: "dir"))
    var folder: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let target = try folder ?? data.definitionsFolder()
        let files = try await data.backend().definitions().files()
        do {
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                .failure, code: "io",
                "the folder \(target) cannot be made: \((error as NSError).localizedDescription)")
        }
        var table = TextTable([.text("file"), .number("size")])
        for file in files {
            try writeFile(target + "/" + file.name, file.text)
            table.add([TextTable.Cell(file.name), TextTable.Cell(NumberFormat.bytes(file.text.utf8.count), .dim)])
        }
        var report = Report(
            files.isEmpty ? "Nothing is defined yet" : "\(Plural.of(files.count, "file")) in \(target)")
        report.add(table)
        try output.emit(report, json: files.map(\.name))
    }
}
