import ArgumentParser
import Engine
import Recommendations
import Reports

struct RecommendResultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results",
        abstract: "What choosing for each person has brought at a placement.",
        discussion: """
            The lift over showing everybody the first picture, with an interval. It needs no experiment: what was shown by \
            chance, and how likely that was, is in the log.

            Examples:
              dangol recommend results artwork
              dangol recommend results artwork --days 7 --json
            """)

    @Argument(help: ArgumentHelp("The placement.", valueName: "placement"))
    var placement: String

    @Option(help: ArgumentHelp("Of how many days.", valueName: "number"))
    var days = 28

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !(1...PlacementQuestions.daysMax).contains(days) {
            throw ValidationError("--days must be from 1 to \(PlacementQuestions.daysMax)")
        }
    }

    func run() async throws {
        let found = try await data.backend().recommendations.results(of: placement, days: days)
        var report = Report("Results of '\(found.placement)' (\(found.policy)), \(found.days) days")
        if !found.overall.isConclusive {
            report.summary.append("Too little was shown by chance to trust the lift yet.")
        }
        var table = TextTable([
            .text("item"), .number("shown"), .number("reward"), .number("first picture"), .number("lift"),
            .number("from"), .number("to"),
        ])
        for line in [found.overall] + found.subjects {
            let name = line.subject.map { line.title ?? $0 } ?? "all"
            func percent(_ value: Double?) -> TextTable.Cell {
                TextTable.Cell(value.map { NumberFormat.percent($0) } ?? "–")
            }
            table.add(
                [
                    TextTable.Cell(name), TextTable.Cell(NumberFormat.count(line.trials)),
                    TextTable.Cell(NumberFormat.fixed(line.chosen.estimate, 4)),
                    TextTable.Cell(line.standard.map { NumberFormat.fixed($0.estimate, 4) } ?? "–"),
                    percent(line.lift?.estimate), percent(line.lift?.low), percent(line.lift?.high),
                ],
                values: [
                    line.subject ?? "", "\(line.trials)", "\(line.chosen.estimate)",
                    line.standard.map { "\($0.estimate)" } ?? "", line.lift.map { "\($0.estimate)" } ?? "",
                    line.lift.map { "\($0.low)" } ?? "", line.lift.map { "\($0.high)" } ?? "",
                ])
        }
        report.add(table.named(csv: ["subject", "trials", "reward", "standard", "lift", "low", "high"]))
        try output.emit(report, json: found)
    }
}

struct RecommendWhatIfCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "what-if",
        abstract: "What another policy would have brought at a placement, before it goes live.",
        discussion: """
            Judged by the decisions that were made, whose chances are in the log. Where the log cannot tell, the answer says \
            so and the exit status is 2.

            Examples:
              dangol recommend what-if artwork --policy linUCB
              dangol recommend what-if artwork --policy thompson --exploration 0.1 --days 14
              dangol recommend what-if banner --policy linearThompson --features hour,device
            """)

    @Argument(help: ArgumentHelp("The placement.", valueName: "placement"))
    var placement: String

    @Option(
        help: ArgumentHelp(
            "fixed, random, epsilonGreedy, thompson, linearThompson, logisticThompson, linUCB or squareCB.",
            valueName: "kind"))
    var policy: PolicySettings.Kind

    @Option(help: ArgumentHelp("The share of choices at random, from 0 to 1.", valueName: "share"))
    var exploration = 0.05

    @Option(help: ArgumentHelp("What it looks at, separated by commas: hour,device.", valueName: "names"))
    var features = ""

    @Option(help: ArgumentHelp("Judged by the decisions of so many days.", valueName: "number"))
    var days = 28

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !(0...1).contains(exploration) { throw ValidationError("--exploration must be from 0 to 1") }
        if !(1...PlacementQuestions.daysMax).contains(days) {
            throw ValidationError("--days must be from 1 to \(PlacementQuestions.daysMax)")
        }
    }

    func run() async throws {
        let names = features.split(separator: ",").map { String($0) }
        let question = WhatIfBody(
            policy: PolicySettings(policy, exploration: exploration, features: names), days: days, language: "en")
        let found = try await data.backend().recommendations.whatIf(question, at: placement)
        var report = Report("What if '\(found.placement)' had chosen by \(policy.rawValue)?")
        report.summary.append(found.verdict)
        report.summary.append(
            "\(NumberFormat.count(found.trials)) decisions brought \(NumberFormat.fixed(found.actual, 4)) each; for the "
                + "other policy they are worth \(NumberFormat.count(Int(found.effectiveTrials))).")
        var table = TextTable([.text("estimator"), .number("reward"), .number("from"), .number("to")])
        for line in found.estimates {
            let values = [line.value.estimate, line.value.low, line.value.high]
            table.add(
                [TextTable.Cell(line.estimator)] + values.map { TextTable.Cell(NumberFormat.fixed($0, 4)) },
                values: [line.estimator] + values.map { "\($0)" })
        }
        report.add(table.named(csv: ["estimator", "reward", "low", "high"]))
        try output.emit(report, json: found)
        if found.refusal != nil { throw ExitStatus.findings }
    }
}

extension PolicySettings.Kind: ExpressibleByArgument {}
