import ArgumentParser
import Engine
import EventLog
import Recommendations
import Reports

struct RecommendVersionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions",
        abstract: "The versions of a model, how good each is, and which one answers.",
        discussion: """
            Examples:
              dangol recommend versions
              dangol recommend versions --model videos --json
            """)

    @OptionGroup var options: ModelOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let found = try await options.data.backend().recommendations.versions(of: options.model)
        var report = Report("Versions of '\(options.model)'")
        var table = TextTable([
            .number("version"), .text("trained"), .text("NDCG@10"), .number("persons"), .number("interactions"),
            .number("size"), .text(""),
        ])
        for version in found.versions {
            let state =
                version.number == found.active
                ? "answers" : version.heldBack.map { "held back: \($0)" } ?? ""
            table.add(
                [
                    TextTable.Cell("\(version.number)"), TextTable.Cell(Timestamp.short(version.createdAt)),
                    TextTable.Cell(version.metrics.map(ModelTable.ndcg) ?? "–"),
                    TextTable.Cell(NumberFormat.count(version.persons)),
                    TextTable.Cell(NumberFormat.count(version.interactions)),
                    TextTable.Cell(NumberFormat.bytes(version.bytes)), TextTable.Cell(state, .bold),
                ],
                values: [
                    "\(version.number)", "\(version.createdAt)", version.metrics.map { "\($0.ndcg10)" } ?? "",
                    "\(version.persons)", "\(version.interactions)", "\(version.bytes)", state,
                ])
        }
        report.add(
            table.named(csv: ["version", "createdAt", "ndcg10", "persons", "interactions", "bytes", "state"]))
        report.notes = found.damage
        try output.emit(
            report, json: found)
        if !found.damage.isEmpty { throw ExitStatus.findings }
    }
}

struct RecommendRollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Lets an older version of a model answer again.",
        discussion: """
            Examples:
              dangol recommend rollback
              dangol recommend rollback --to 3
            """)

    @Option(help: ArgumentHelp("Which version. (default: the one that answered before)", valueName: "number"))
    var to: Int?

    @OptionGroup var options: ModelOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let version = try await options.data.backend().recommendations.rollBack(options.model, to: to)
        try output.emit(ModelTable.report(version), json: version)
    }
}
