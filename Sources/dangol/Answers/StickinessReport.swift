import Analysis
import Charts

/// Stickiness: people by the number of intervals in which they were active.
enum StickinessReport {
    static func make(_ query: StickinessQuery, _ result: StickinessResult) -> Report {
        var report = Report("Stickiness: " + query.series.map(\.label).joined(separator: ", "))
        report.summary = result.series.map { series in
            let mean = series.averageIntervals.map {
                ", on \(NumberFormat.value($0)) \(query.interval.rawValue)s each on average"
            }
            return "\(series.label): \(AnswerText.people(series.people))\(mean ?? "")."
        }
        let most = result.series.count == 1 ? result.series[0].values.compactMap(\.self).max() ?? 0 : 0
        var table = TextTable(
            [.text(query.cumulative ? "at least" : "active on")] + result.series.map { .number($0.label) }
                + (most > 0 ? [.text("")] : []))
        for (index, label) in result.labels.enumerated() {
            let values = result.series.map { $0.values[index] }
            var cells = [TextTable.Cell(label, .dim)] + values.map { TextTable.Cell(AnswerText.value($0)) }
            if most > 0 { cells.append(TextTable.Cell(Bar.text((values[0] ?? 0) / most, width: 24), .bar)) }
            table.add(cells, values: [label] + values.map(AnswerText.plain))
        }
        report.add(table.named(csv: ["intervals"] + result.series.map(\.label)))
        let chart = BarChart(
            ChartHeading(
                "On how many \(query.interval.rawValue)s people came", subtitle: AnswerText.range(query.range)),
            categories: result.labels, series: result.series.map { .init($0.label, $0.values) })
        report.charts.append(Report.Chart(svg: chart.svg(), caption: report.summary.first ?? report.title))
        report.add(
            result.people,
            of: query.people.map { people in
                let label = result.labels[people.intervals - 1]
                return "of \(people.series), \(query.cumulative ? "at least " : "")\(label)"
            } ?? "")
        return report
    }
}
