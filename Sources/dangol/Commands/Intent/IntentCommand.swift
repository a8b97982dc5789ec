import ArgumentParser
import Engine
import Lifecycle
import Reports
import Statistics

struct IntentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intent",
        abstract: "What people are about while they are here: hesitating, comparing, about to buy or to leave.",
        discussion: """
            A model learns from past sessions how they went on. It then says of a session that goes on how likely a \
            purchase is, or that somebody leaves, and what the moment calls for: nothing, reassurance, a guide, or a \
            coupon within its budget. A share of the people gets nothing, so that what the actions change can be seen.

            Examples:
              dangol intent train                 learn, and see how good it is
              dangol intent show                  who is here now
              dangol intent show customer-1001    what one of them is about
              dangol intent results               buyers with the actions and without
              dangol intent versions
            """,
        subcommands: [
            IntentTrainCommand.self, IntentShowCommand.self, IntentResultsCommand.self, IntentVersionsCommand.self,
            IntentRollbackCommand.self,
        ])
}

/// Tables that several commands show.
enum IntentTable {
    static func report(_ version: IntentVersion) -> Report {
        var report = Report(
            version.heldBack == nil
                ? "Version \(version.number) of intent answers from now on."
                : "Version \(version.number) of intent is kept, but does not answer.")
        if let heldBack = version.heldBack {
            report.summary.append("It is worse: \(heldBack). With --force it would have taken the place all the same.")
        }
        let metrics = version.metrics
        report.summary.append(
            "Learned from \(NumberFormat.count(version.moments)) moments of \(NumberFormat.count(version.sessions)) "
                + "sessions of \(NumberFormat.count(version.persons)) persons, in "
                + "\(NumberFormat.fixed(version.seconds, 1)) s; measured with \(NumberFormat.count(metrics.persons)) "
                + "persons who were kept apart.")
        var table = TextTable([
            .text("how a session goes on"), .number("share"), .number("log loss"), .number("base rate's"),
            .number("Brier"), .number("base rate's"), .number("off by"),
        ])
        for outcome in SessionOutcome.allCases {
            if let found = metrics.outcomes[outcome.rawValue] { add(outcome.rawValue, found, to: &table) }
        }
        for state in IntentState.allCases {
            if let found = metrics.states[state.rawValue] { add(state.rawValue, found, to: &table) }
        }
        report.add(
            table.named(csv: [
                "outcome", "share", "logLoss", "baseLogLoss", "brier", "baseBrier", "calibrationError",
            ]))
        report.notes.append(
            "'off by' is the mean distance of what was said from what came about. A log loss or a Brier score that is "
                + "not below that of the base rate is worth nothing.")
        return report
    }

    private static func add(_ name: String, _ found: Reliability, to table: inout TextTable) {
        let numbers = [found.logLoss, found.baseLogLoss, found.brier, found.baseBrier]
        table.add(
            [TextTable.Cell(name), TextTable.Cell(NumberFormat.percent(found.baseRate))]
                + numbers.map { TextTable.Cell(NumberFormat.fixed($0, 4)) }
                + [TextTable.Cell(NumberFormat.percent(found.calibrationError))],
            values: [name, "\(found.baseRate)"] + numbers.map { "\($0)" } + ["\(found.calibrationError)"])
    }
}
