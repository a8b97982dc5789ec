import ArgumentParser
import Engine
import Recommendations
import Reports

struct RecommendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recommend",
        abstract: "Learns what fits each person, and says why.",
        discussion: """
            A file says which events are about items, and how a model is trained:

              interactions:
                - { event: Order Completed, item: products.sku }
                - { event: Product Viewed, item: product_id, strength: 0.2 }

            Examples:
              dangol recommend train --config recommend.yaml
              dangol recommend for customer-1001
              dangol recommend page customer-1001
              dangol recommend companions sku-1
              dangol recommend lookalikes customer-1001 customer-1002
              dangol recommend export --top 20 lists.tsv
              dangol recommend versions
              dangol recommend rollback
              dangol recommend results artwork
              dangol recommend what-if artwork --policy linUCB
            """,
        subcommands: [
            RecommendTrainCommand.self, RecommendForCommand.self, RecommendPageCommand.self,
            RecommendCompanionsCommand.self, RecommendLookalikesCommand.self, RecommendExportCommand.self,
            RecommendVersionsCommand.self, RecommendRollbackCommand.self, RecommendResultsCommand.self,
            RecommendWhatIfCommand.self,
        ])
}

/// Which model of the workspace.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The model, when there are several.", valueName: "name"))
    var model = "default"

    @OptionGroup var data: DataOptions
}

/// Tables that several commands show.
enum ModelTable {
    static func report(_ version: ModelVersion) -> Report {
        var report = Report(
            version.heldBack == nil
                ? "Version \(version.number) of '\(version.settings.name)' answers from now on."
                : "Version \(version.number) of '\(version.settings.name)' is kept, but does not answer.")
        if let heldBack = version.heldBack {
            report.summary.append("It is worse: \(heldBack). With --force it would have taken the place all the same.")
        }
        var table = TextTable([.text(""), .number("")])
        func row(_ name: String, _ shown: String, _ plain: String? = nil) {
            table.add([TextTable.Cell(name, .dim), TextTable.Cell(shown)], values: [name, plain ?? shown])
        }
        row("persons", NumberFormat.count(version.persons), "\(version.persons)")
        row("items", NumberFormat.count(version.items), "\(version.items)")
        row("interactions", NumberFormat.count(version.interactions), "\(version.interactions)")
        for (name, weight) in version.weights.sorted(by: { $0.key < $1.key }) where weight > 0 {
            row("weight of \(name)", NumberFormat.fixed(weight, 2), "\(weight)")
        }
        if let metrics = version.metrics {
            row(
                "NDCG@10 of \(NumberFormat.count(metrics.persons)) persons", ModelTable.ndcg(metrics),
                "\(metrics.ndcg10)")
            row("recall@20", NumberFormat.percent(metrics.recall20), "\(metrics.recall20)")
            row("items in anybody's first ten", NumberFormat.percent(metrics.coverage10), "\(metrics.coverage10)")
        }
        row("seconds to fit", NumberFormat.fixed(version.fitSeconds, 2), "\(version.fitSeconds)")
        row("seconds in all", NumberFormat.fixed(version.totalSeconds, 2), "\(version.totalSeconds)")
        row("size", NumberFormat.bytes(version.bytes), "\(version.bytes)")
        report.add(table.named(csv: ["figure", "value"]))
        return report
    }

    /// `0.2103 ± 0.0060`
    static func ndcg(_ metrics: OfflineMetrics) -> String {
        "\(NumberFormat.fixed(metrics.ndcg10, 4)) ± \(NumberFormat.fixed(metrics.ndcg10Error, 4))"
    }
}
