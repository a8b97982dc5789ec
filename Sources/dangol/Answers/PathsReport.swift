import Analysis
import Charts

/// Paths: the edges that most take, and a flow from the first step to the last.
enum PathsReport {
    static func make(_ query: PathsQuery, _ result: PathsResult) -> Report {
        var report = Report("Paths" + title(query))
        report.summary = [
            result.edges.isEmpty
                ? "No path has two steps here."
                : "\(NumberFormat.count(result.pathCount)) paths; \(query.sessionTimeout) without an event ends one."
        ]
        var table = TextTable([
            .number("step"), .text("from"), .text("to"), .number("paths"), .text(""), .number("mean time"),
        ])
        let most = Double(result.edges.map(\.count).max() ?? 1)
        for edge in result.edges {
            table.add(
                [
                    TextTable.Cell("\(edge.step)", .dim), TextTable.Cell(edge.source),
                    TextTable.Cell("→ \(edge.target)"),
                    TextTable.Cell(NumberFormat.count(edge.count)),
                    TextTable.Cell(Bar.text(Double(edge.count) / most, width: 16), .bar),
                    TextTable.Cell(NumberFormat.duration(seconds: edge.meanSeconds), .dim),
                ],
                values: [
                    "\(edge.step)", edge.source, edge.target, "\(edge.count)",
                    NumberFormat.plain(Double(edge.count) / most),
                    NumberFormat.plain(edge.meanSeconds),
                ])
        }
        report.add(table.named(csv: ["step", "source", "target", "count", "shareOfLargest", "meanSeconds"]))
        report.add(exits(result), heading: "Where paths end")
        report.add(
            result.people,
            of: query.people.map { "from \($0.source) to \($0.target) at step \($0.step)" } ?? "")
        // With only an end point steps count back from it; columns of a chart count from 0.
        let first = result.edges.map(\.step).min() ?? 0
        let chart = SankeyChart(
            ChartHeading("From step to step", subtitle: AnswerText.range(query.range)),
            links: result.edges.map { edge in
                .init(
                    from: .init(edge.step - first, edge.source), to: .init(edge.step - first + 1, edge.target),
                    count: edge.count, meanSeconds: edge.meanSeconds)
            })
        report.charts.append(Report.Chart(svg: chart.svg(), caption: report.summary[0]))
        return report
    }

    private static func title(_ query: PathsQuery) -> String {
        switch (query.startPoint, query.endPoint) {
        case (let start?, let end?): ": from \(start) to \(end)"
        case (let start?, nil): ": from \(start)"
        case (nil, let end?): ": to \(end)"
        case (nil, nil): ""
        }
    }

    private static func exits(_ result: PathsResult) -> TextTable {
        var table = TextTable([.number("step"), .text("event"), .number("paths"), .number("end here")])
        for node in result.nodes.filter({ $0.exits > 0 }).sorted(by: { $0.exits > $1.exits }).prefix(10) {
            table.add(
                [
                    TextTable.Cell("\(node.step)", .dim), TextTable.Cell(node.name),
                    TextTable.Cell(NumberFormat.count(node.count)),
                    TextTable.Cell(NumberFormat.percent(Double(node.exits) / Double(max(1, node.count)))),
                ],
                values: ["\(node.step)", node.name, "\(node.count)", "\(node.exits)"])
        }
        return table
    }
}
