import Analysis
import Charts

/// Sessions: how many, how long, how deep, how many end at once.
enum SessionsReport {
    static func make(_ query: SessionsQuery, _ result: SessionsResult) -> Report {
        var report = Report("Sessions" + (query.event.events == nil ? "" : ": \(query.event.label)"))
        let total = result.total
        report.summary = [
            "\(NumberFormat.count(total.sessions)) sessions of \(AnswerText.people(total.people)); half of them last "
                + "longer than \(AnswerText.seconds(total.medianSeconds)), \(AnswerText.percent(total.bounceRate)) end "
                + "after one event. \(query.timeout) without an event ends a session."
        ]
        if total.sessions == 0 { report.summary = ["There are no sessions in this range."] }
        var table = self.table("from")
        for (label, point) in zip(result.labels, result.points) { add(label, point, to: &table) }
        report.add(table)
        if let groups = result.breakdown {
            var table = self.table("value")
            for group in groups { add(group.breakdown.description, group.total, to: &table) }
            report.add(table, heading: "By how they begin")
        }
        let points = zip(result.labels, result.points).map {
            LineChart.Point(time: LabelTime.milliseconds($0), value: Double($1.sessions))
        }
        let chart = LineChart(
            ChartHeading("Sessions by \(query.interval.rawValue)", subtitle: AnswerText.range(query.range)),
            series: [.init("sessions", points)])
        report.charts.append(Report.Chart(svg: chart.svg(), caption: report.summary[0]))
        return report
    }

    private static func table(_ first: String) -> TextTable {
        TextTable([
            .text(first), .number("sessions"), .number("people"), .number("events each"), .number("median"),
            .number("mean"), .number("90 %"), .number("bounce"),
        ])
    }

    private static func add(_ label: String, _ summary: SessionsResult.Summary, to table: inout TextTable) {
        table.add(
            [
                TextTable.Cell(label, .dim), TextTable.Cell(NumberFormat.count(summary.sessions)),
                TextTable.Cell(NumberFormat.count(summary.people)),
                TextTable.Cell(AnswerText.value(summary.eventsPerSession)),
                TextTable.Cell(AnswerText.seconds(summary.medianSeconds)),
                TextTable.Cell(AnswerText.seconds(summary.averageSeconds), .dim),
                TextTable.Cell(AnswerText.seconds(summary.p90Seconds), .dim),
                TextTable.Cell(AnswerText.percent(summary.bounceRate)),
            ],
            values: [
                label, "\(summary.sessions)", "\(summary.people)", AnswerText.plain(summary.eventsPerSession),
                AnswerText.plain(summary.medianSeconds), AnswerText.plain(summary.averageSeconds),
                AnswerText.plain(summary.p90Seconds), AnswerText.plain(summary.bounceRate),
            ])
    }
}
