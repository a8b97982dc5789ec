import Analysis
import Charts

/// Correlation: what people who convert do and have that others do not.
enum CorrelationReport {
    static func make(_ query: CorrelationQuery, _ result: CorrelationResult) -> Report {
        let steps = query.funnel.steps.map(\.selector.label).joined(separator: " → ")
        var report = Report("Correlation: \(steps)")
        report.summary = [
            "\(AnswerText.people(result.converted)) converted, \(AnswerText.people(result.dropped)) dropped out. An odds "
                + "ratio above 1 goes with converting, below 1 with dropping out; neither says why."
        ]
        report.add(table(result.events), heading: "What they did")
        report.add(table(result.values), heading: "What they have")
        if !result.events.isEmpty { report.charts.append(chart("What they did", result.events)) }
        if !result.values.isEmpty { report.charts.append(chart("What they have", result.values)) }
        return report
    }

    private static func name(_ row: CorrelationResult.Row) -> String {
        if let event = row.event { return event }
        let subject = row.property ?? row.person ?? ""
        return "\(subject) = \(row.value.map { "\($0)" } ?? "")"
    }

    private static func table(_ rows: [CorrelationResult.Row]) -> TextTable {
        var table = TextTable([
            .text("what"), .number("converted"), .number("dropped"), .number("odds ratio"), .number("95 % interval"),
            .number("p"),
        ])
        for row in rows {
            let odds = row.association
            let isClear = odds.low > 1 || odds.high < 1
            table.add(
                [
                    TextTable.Cell(name(row)), TextTable.Cell(NumberFormat.count(row.converted)),
                    TextTable.Cell(NumberFormat.count(row.dropped)),
                    TextTable.Cell(NumberFormat.value(odds.oddsRatio), isClear ? (odds.low > 1 ? .green : .red) : .dim),
                    TextTable.Cell("\(NumberFormat.value(odds.low)) to \(NumberFormat.value(odds.high))", .dim),
                    TextTable.Cell(odds.pValue < 0.001 ? "< 0.001" : NumberFormat.fixed(odds.pValue, 3), .dim),
                ],
                values: [
                    name(row), "\(row.converted)", "\(row.dropped)", NumberFormat.plain(odds.oddsRatio),
                    "\(NumberFormat.plain(odds.low)) \(NumberFormat.plain(odds.high))", NumberFormat.plain(odds.pValue),
                ])
        }
        return table
    }

    /// Odds ratios with their intervals against how many people a row is about.
    private static func chart(_ title: String, _ rows: [CorrelationResult.Row]) -> Report.Chart {
        let points = rows.prefix(25).map { row in
            ScatterChart.Point(
                name(row), x: row.association.oddsRatio, y: Double(row.converted + row.dropped),
                xInterval: row.association.low...max(row.association.low, row.association.high))
        }
        let chart = ScatterChart(
            ChartHeading(title, subtitle: "odds ratio with its 95 % interval"), groups: [.init("", points)],
            x: .init("odds ratio", isLogarithmic: true, reference: 1), y: .init("people", isLogarithmic: true))
        return Report.Chart(svg: chart.svg(), caption: "To the right: goes with converting.")
    }
}
