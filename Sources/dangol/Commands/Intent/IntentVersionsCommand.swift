import ArgumentParser
import Engine
import EventLog
import Lifecycle
import Reports

struct IntentVersionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions",
        abstract: "The versions of the model, how good each is, and which one answers.",
        discussion: """
            Examples:
              dangol intent versions
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let found = try await data.backend().intent.versions()
        if found.versions.isEmpty, found.damage.isEmpty {
            throw Failure(
                .failure, code: "not_found", "no model of intent has been trained: dangol intent train")
        }
        var report = Report("Versions of intent")
        var table = TextTable([
            .number("version"), .text("trained"), .number("log loss"), .number("base rate's"), .number("sessions"),
            .number("size"), .text(""),
        ])
        for version in found.versions {
            let state =
                version.number == found.active ? "answers" : version.heldBack.map { "held back: \($0)" } ?? ""
            table.add(
                [
                    TextTable.Cell("\(version.number)"), TextTable.Cell(Timestamp.short(version.createdAt)),
                    TextTable.Cell(NumberFormat.fixed(version.metrics.logLoss, 4)),
                    TextTable.Cell(NumberFormat.fixed(version.metrics.baseLogLoss, 4)),
                    TextTable.Cell(NumberFormat.count(version.sessions)),
                    TextTable.Cell(NumberFormat.bytes(version.bytes)), TextTable.Cell(state, .bold),
                ],
                values: [
                    "\(version.number)", "\(version.createdAt)", "\(version.metrics.logLoss)",
                    "\(version.metrics.baseLogLoss)", "\(version.sessions)", "\(version.bytes)", state,
                ])
        }
        report.add(
            table.named(csv: ["version", "createdAt", "logLoss", "baseLogLoss", "sessions", "bytes", "state"]))
        report.notes = found.damage
        try output.emit(report, json: found)
        if !found.damage.isEmpty { throw ExitStatus.findings }
    }
}

struct IntentRollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Lets another version of the model answer.",
        discussion: """
            Examples:
              dangol intent rollback
              dangol intent rollback --to 3
            """)

    @Option(help: ArgumentHelp("Which version. (default: the one before)", valueName: "number"))
    var to: Int?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var version = try await data.backend().intent.rollBack(to: to)
        version.heldBack = nil
        try output.emit(IntentTable.report(version), json: version)
    }
}
