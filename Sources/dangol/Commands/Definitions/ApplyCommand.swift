import ArgumentParser
import Audiences
import Engine
import Foundation
import Insights
import Recommendations
import Reports

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Makes audiences, insights, placements and whatever else people define what YAML files say.",
        discussion: """
            Shows the difference, then carries it out. What the files do not mention stays. Without --file the files are \
            those of the folder config in the workspace, if the command works on a folder.

              audiences:
                - name: 서울 단골
                  where: did "Order Completed" at least 3 times and trait city = "서울"
              insights:
                - name: 첫 구매
                  query: { kind: funnel, steps: [Product Viewed, Order Completed] }
              dashboards:
                - name: 주간 현황
                  tiles: [{ insight: 첫 구매 }, { text: "# 이번 주" }]
              journeyMap:
                stages: [{ name: 유입, event: "*" }, { name: 구매, event: Order Completed }]
              feedback:
                events: [{ event: Order Completed, item: products.sku, kind: purchase }]
              placements:
                - { name: home, kind: home, rows: 6 }
              intent:
                isOn: true
                coupon: { code: STAY5, cost: 2000, budgetPerDay: 100000 }
              trackingPlan:
                events:
                  Order Completed:
                    properties:
                      total: { type: number, required: true }

            Examples:
              dangol apply --file audiences.yaml --dry-run
              dangol apply -f definitions/
              dangol apply -f definitions/ --server https://dangol.example.com
            """)

    @Option(name: .shortAndLong, help: ArgumentHelp("A YAML file, or a folder of them.", valueName: "path"))
    var file: String?

    @Flag(help: "Show the difference and change nothing.")
    var dryRun = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct View: Encodable {
        var changes: [DefinitionChange]
        var unchanged: Int
        var applied: Bool
    }

    func run() async throws {
        let wanted = try Definitions.read(try file ?? data.definitionsFolder())
        let backend = try data.backend()
        let changes = wanted.changes(from: try await backend.definitions())
        var failure: Failure?
        if !dryRun {
            for change in changes {
                do {
                    try await apply(change, wanted, backend)
                } catch {
                    let why = Failure(error)
                    failure = Failure(
                        why.status, code: why.code, "\(change.title): \(why.message)", field: why.field)
                    break
                }
            }
        }
        if let failure { throw failure }
        try output.emit(
            report(changes, unchanged: wanted.count - changes.count),
            json: View(changes: changes, unchanged: wanted.count - changes.count, applied: !dryRun))
    }

    private func apply(_ change: DefinitionChange, _ wanted: Definitions, _ backend: any Backend) async throws {
        switch change.subject {
        case .audience:
            guard let definition = wanted.audiences.first(where: { $0.name == change.name }) else { return }
            switch change.kind {
            case .create: _ = try await backend.createAudience(definition)
            case .update: _ = try await backend.updateAudience(change.name, to: definition)
            }
        case .insight:
            guard let definition = wanted.insights.first(where: { $0.name == change.name }) else { return }
            try await backend.insights.save(definition)
        case .dashboard:
            guard let document = wanted.dashboards.first(where: { $0.name == change.name }) else { return }
            try await backend.insights.save(document)
        case .journeyMap:
            if let map = wanted.journeyMap { try await backend.insights.setJourneyMap(map) }
        case .feedback:
            if let feedback = wanted.feedback { try await backend.recommendations.setFeedback(feedback) }
        case .placement:
            guard let placement = wanted.placements.first(where: { $0.name == change.name }) else { return }
            try await backend.recommendations.put(placement)
        case .intent:
            if let intent = wanted.intent { try await backend.intent.set(intent) }
        case .trackingPlan:
            if let plan = wanted.trackingPlan { try await backend.setTrackingPlan(plan) }
        }
    }

    private func report(_ changes: [DefinitionChange], unchanged: Int) -> Report {
        let verb = dryRun ? "to make" : "made"
        var report = Report(
            changes.isEmpty
                ? "Nothing to change: everything is as the files say"
                : "\(Plural.of(changes.count, "change")) \(verb), \(NumberFormat.count(unchanged)) unchanged")
        var table = TextTable([.text(""), .text("what"), .text("field"), .text("before"), .text("after")])
        for change in changes {
            for (index, detail) in change.details.enumerated() {
                table.add(
                    [
                        TextTable.Cell(index == 0 ? change.kind.rawValue : "", .bold),
                        TextTable.Cell(index == 0 ? change.title : ""), TextTable.Cell(detail.field, .dim),
                        TextTable.Cell(detail.before?.oneLine ?? ""), TextTable.Cell(detail.after?.oneLine ?? ""),
                    ],
                    values: [
                        change.kind.rawValue, change.title, detail.field, detail.before ?? "", detail.after ?? "",
                    ])
            }
        }
        report.add(table.named(csv: ["change", "what", "field", "before", "after"]))
        if dryRun, !changes.isEmpty { report.notes = ["Nothing was changed; without --dry-run it will be."] }
        return report
    }
}

extension DefinitionChange {
    fileprivate var title: String { name.isEmpty ? subject.rawValue : "\(subject.rawValue) '\(name)'" }
}

extension DataOptions {
    /// Where a workspace keeps what people define.
    ///
    /// - Throws: `Failure` when a server answers, whose folder is not here.
    func definitionsFolder() throws -> String {
        guard let folder = try backend() as? FolderBackend else {
            throw Failure.usage("name the files: a server's folder is not on this machine")
        }
        return folder.folder.definitionsFolder
    }
}
