import ArgumentParser
import Engine
import Lifecycle
import Reports

struct IntentResultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results",
        abstract: "What the actions changed: who got them beside who was held out.",
        discussion: """
            A person counts once in a period, by the first decision for something. The interval is of 95 %: when it \
            holds 0, the actions may have changed nothing.

            Examples:
              dangol intent results
              dangol intent results --json
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let results = try await data.backend().intent.results()
        var report = Report("Bought within \(Plural.of(results.hours, "hour")) of a decision")
        var table = TextTable([
            .text("action"), .number("with"), .number("bought"), .number("without"), .number("bought"),
            .number("difference"), .text("95 %"),
        ])
        for group in results.groups {
            let difference = group.isEnough ? group.difference : nil
            let name = group.action
            table.add(
                [
                    TextTable.Cell(name), TextTable.Cell(NumberFormat.count(group.with.people)),
                    TextTable.Cell(share(group.with)), TextTable.Cell(NumberFormat.count(group.without.people)),
                    TextTable.Cell(share(group.without)),
                    TextTable.Cell(difference.map { points($0.estimate) } ?? "–"),
                    TextTable.Cell(
                        difference.map { "\(points($0.low)) to \(points($0.high))" } ?? "too few to conclude", .dim),
                ],
                values: [
                    name, "\(group.with.people)", "\(group.with.buyers)", "\(group.without.people)",
                    "\(group.without.buyers)", difference.map { "\($0.estimate)" } ?? "",
                    difference.map { "\($0.low)…\($0.high)" } ?? "",
                ])
        }
        report.add(
            table.named(csv: ["action", "with", "withBuyers", "without", "withoutBuyers", "difference", "interval"]))
        if let all = results.groups.first, all.coupons > 0 {
            report.summary.append("\(Plural.of(all.coupons, "coupon")) cost \(NumberFormat.fixed(all.cost, 0)).")
        }
        if results.open > 0 {
            report.notes.append("\(Plural.of(results.open, "decision")) still open are not counted.")
        }
        try output.emit(report, json: results)
    }

    private func share(_ arm: MomentResultsView.Arm) -> String {
        arm.people == 0 ? "–" : NumberFormat.percent(Double(arm.buyers) / Double(arm.people))
    }

    /// Percentage points with their sign.
    private func points(_ share: Double) -> String {
        (share < 0 ? "−" : "+") + NumberFormat.fixed(abs(share) * 100, 1) + " pp"
    }
}
