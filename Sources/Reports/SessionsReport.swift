import Analysis
import Charts

/// Sessions: how many, how long, how deep, how many end at once.
struct SessionsReport: Sendable {
    private let query: SessionsQuery
    private let result: SessionsResult
    private let setting: ReportSetting
    private let words: ReportWords
    private var say: ReportLanguage { words.say }

    init(_ query: SessionsQuery, _ result: SessionsResult, _ setting: ReportSetting) {
        self.query = query
        self.result = result
        self.setting = setting
        words = ReportWords(setting)
    }

    func make() -> Report {
        var report = Report(
            say("Sessions", "세션") + (query.event.events == nil ? "" : ": \(query.event.label)"))
        report.summary = [sentence]
        var table = self.table(say("from", "시작"))
        for (label, point) in zip(result.labels, result.points) { add(label, point, to: &table) }
        report.add(table)
        if let groups = result.breakdown {
            var table = self.table(say("value", "값"))
            for group in groups { add(words.value(group.breakdown), group.total, to: &table) }
            report.add(table, heading: say("By how they begin", "시작 방식별"))
        }
        let heading = ChartHeading(
            say("Sessions by \(query.interval.rawValue)", "\(words.by(query.interval)) 세션"),
            subtitle: words.range(query.range))
        report.charts.append(Report.Chart(heading, caption: report.summary[0]) { chart($0, width: $1) })
        return report
    }

    private var sentence: String {
        let total = result.total
        if total.sessions == 0 { return say("There are no sessions in this range.", "이 기간에는 세션이 없습니다.") }
        let (median, bounce) = (words.seconds(total.medianSeconds), words.percent(total.bounceRate))
        return say(
            "\(NumberFormat.count(total.sessions)) sessions of \(words.people(total.people)); half of them last "
                + "longer than \(median), \(bounce) end after one event. \(query.timeout) without an event ends a session.",
            "\(words.people(total.people))의 세션 \(NumberFormat.count(total.sessions))개. 절반은 \(median)보다 길고, "
                + "\(bounce)는 이벤트 하나로 끝납니다. \(words.span(query.timeout)) 동안 이벤트가 없으면 세션이 끝납니다.")
    }

    private func chart(_ heading: ChartHeading, width: Double?) -> LineChart {
        let points = zip(result.labels, result.points).map {
            LineChart.Point(time: LabelTime.milliseconds($0), value: Double($1.sessions))
        }
        var chart = LineChart(
            heading, series: [.init(say("sessions", "세션"), points)])
        chart.language = say.chart
        chart.size = chart.size.wide(width)
        chart.annotations = setting.lineAnnotations
        return chart
    }

    private func table(_ first: String) -> TextTable {
        TextTable([
            .text(first), .number(say("sessions", "세션")), .number(say("people", "고객")),
            .number(say("events each", "세션당 이벤트")), .number(say("median", "중앙값")), .number(say("mean", "평균")),
            .number(say("90 %", "90%")), .number(say("bounce", "이탈률")),
        ])
    }

    private func add(_ label: String, _ summary: SessionsResult.Summary, to table: inout TextTable) {
        table.add(
            [
                TextTable.Cell(label, .dim), TextTable.Cell(NumberFormat.count(summary.sessions)),
                TextTable.Cell(NumberFormat.count(summary.people)),
                TextTable.Cell(AnswerText.value(summary.eventsPerSession)),
                TextTable.Cell(words.seconds(summary.medianSeconds)),
                TextTable.Cell(words.seconds(summary.averageSeconds), .dim),
                TextTable.Cell(words.seconds(summary.p90Seconds), .dim),
                TextTable.Cell(words.percent(summary.bounceRate)),
            ],
            values: [
                label, "\(summary.sessions)", "\(summary.people)", AnswerText.plain(summary.eventsPerSession),
                AnswerText.plain(summary.medianSeconds), AnswerText.plain(summary.averageSeconds),
                AnswerText.plain(summary.p90Seconds), AnswerText.plain(summary.bounceRate),
            ])
    }
}
