import Analysis
import Charts

/// Lifecycle: the active people of each interval by how they came, and those who fell away, below the axis.
enum LifecycleReport {
    static func make(_ query: LifecycleQuery, _ result: LifecycleResult) -> Report {
        var report = Report("Lifecycle: \(query.event.label)")
        let interval = query.interval.rawValue
        report.summary = [
            "People by \(interval): new, back again, back after a pause, and gone since the \(interval) before."
        ]
        var table = TextTable([
            .text("from"), .number("active"), .number("new"), .number("returning"), .number("resurrecting"),
            .number("dormant"),
        ])
        for index in result.labels.indices {
            let (new, returning) = (result.new[index], result.returning[index])
            let (resurrecting, dormant) = (result.resurrecting[index], result.dormant[index])
            let active = new + returning + resurrecting
            table.add(
                [
                    TextTable.Cell(result.labels[index], .dim), TextTable.Cell(NumberFormat.count(active), .bold),
                    TextTable.Cell(NumberFormat.count(new), .green), TextTable.Cell(NumberFormat.count(returning)),
                    TextTable.Cell(NumberFormat.count(resurrecting)),
                    TextTable.Cell(dormant == 0 ? "0" : NumberFormat.count(-dormant), .red),
                ],
                values: [result.labels[index]] + [active, new, returning, resurrecting, dormant].map(String.init))
        }
        report.add(table)
        let chart = BarChart(
            ChartHeading("Who came, who stayed away", subtitle: AnswerText.range(query.range)),
            categories: result.labels,
            series: [
                .init("new", result.new.map(Double.init)), .init("returning", result.returning.map(Double.init)),
                .init("resurrecting", result.resurrecting.map(Double.init)),
                .init("dormant", result.dormant.map { -Double($0) }),
            ], arrangement: .stacked)
        report.charts.append(Report.Chart(svg: chart.svg(), caption: report.summary[0]))
        report.add(result.people, of: query.people.map { "\($0.state.rawValue) in \($0.label)" } ?? "")
        if result.partialLast {
            report.notes.append("The last \(interval) is not whole: some of its dormant people may still come.")
        }
        return report
    }
}
