import Analysis
import Charts

/// Paths: the edges that most take, and a flow from the first step to the last.
struct PathsReport: Sendable {
    private let query: PathsQuery
    private let result: PathsResult
    private let setting: ReportSetting
    private let words: ReportWords
    private var say: ReportLanguage { words.say }

    init(_ query: PathsQuery, _ result: PathsResult, _ setting: ReportSetting) {
        self.query = query
        self.result = result
        self.setting = setting
        words = ReportWords(setting)
    }

    func make() -> Report {
        var report = Report(say("Paths", "경로") + title)
        let timeout = words.span(query.sessionTimeout)
        report.summary = [
            result.edges.isEmpty
                ? say("No path has two steps here.", "두 단계 이상 이어지는 경로가 없습니다.")
                : say(
                    "\(NumberFormat.count(result.pathCount)) paths; \(timeout) without an event ends one.",
                    "경로 \(NumberFormat.count(result.pathCount))개. \(timeout) 동안 이벤트가 없으면 경로가 끝납니다.")
        ]
        report.add(table)
        report.add(exits, heading: say("Where paths end", "경로가 끝나는 곳"))
        report.add(
            result.people, in: words,
            of: query.people.map {
                say("from \($0.source) to \($0.target) at step \($0.step)", "\($0.step)단계 \($0.source) → \($0.target)")
            } ?? "")
        let heading = ChartHeading(say("From step to step", "단계별 흐름"), subtitle: words.range(query.range))
        report.charts.append(Report.Chart(heading, caption: report.summary[0]) { chart($0, width: $1) })
        return report
    }

    private func link(_ edge: PathsResult.Edge) -> String? {
        setting.link([("step", "\(edge.step)"), ("source", edge.source), ("target", edge.target)])
    }

    private var title: String {
        switch (query.startPoint, query.endPoint) {
        case (let start?, let end?): say(": from \(start) to \(end)", ": \(start) → \(end)")
        case (let start?, nil): say(": from \(start)", ": \(start)부터")
        case (nil, let end?): say(": to \(end)", ": \(end)까지")
        case (nil, nil): ""
        }
    }

    private var table: TextTable {
        var table = TextTable([
            .number(say("step", "단계")), .text(say("from", "이전")), .text(say("to", "다음")),
            .number(say("paths", "경로 수")), .text(""), .number(say("mean time", "평균 시간")),
        ])
        let most = Double(result.edges.map(\.count).max() ?? 1)
        for edge in result.edges {
            table.add(
                [
                    TextTable.Cell("\(edge.step)", .dim), TextTable.Cell(edge.source),
                    TextTable.Cell("→ \(edge.target)"),
                    TextTable.Cell(NumberFormat.count(edge.count), link: link(edge)),
                    TextTable.Cell(Bar.text(Double(edge.count) / most, width: 16), .bar),
                    TextTable.Cell(words.seconds(edge.meanSeconds), .dim),
                ],
                values: [
                    "\(edge.step)", edge.source, edge.target, "\(edge.count)",
                    NumberFormat.plain(Double(edge.count) / most),
                    NumberFormat.plain(edge.meanSeconds),
                ])
        }
        return table.named(csv: ["step", "source", "target", "count", "shareOfLargest", "meanSeconds"])
    }

    private var exits: TextTable {
        var table = TextTable([
            .number(say("step", "단계")), .text(say("event", "이벤트")), .number(say("paths", "경로 수")),
            .number(say("end here", "여기서 종료")),
        ])
        for node in result.nodes.filter({ $0.exits > 0 }).sorted(by: { $0.exits > $1.exits }).prefix(10) {
            table.add(
                [
                    TextTable.Cell("\(node.step)", .dim), TextTable.Cell(node.name),
                    TextTable.Cell(NumberFormat.count(node.count)),
                    TextTable.Cell(words.percent(Double(node.exits) / Double(max(1, node.count)))),
                ],
                values: ["\(node.step)", node.name, "\(node.count)", "\(node.exits)"])
        }
        return table
    }

    private func chart(_ heading: ChartHeading, width: Double?) -> SankeyChart {
        // With only an end point steps count back from it; columns of a chart count from 0.
        let first = result.edges.map(\.step).min() ?? 0
        var chart = SankeyChart(
            heading,
            links: result.edges.map { edge in
                .init(
                    from: .init(edge.step - first, edge.source), to: .init(edge.step - first + 1, edge.target),
                    count: edge.count, meanSeconds: edge.meanSeconds, link: link(edge))
            })
        chart.language = say.chart
        chart.size = chart.size.wide(width)
        return chart
    }
}
