import Analysis
import Charts

/// Correlation: what people who convert do and have that others do not.
struct CorrelationReport: Sendable {
    private let query: CorrelationQuery
    private let result: CorrelationResult
    private let setting: ReportSetting
    private let words: ReportWords
    private var say: ReportLanguage { words.say }

    init(_ query: CorrelationQuery, _ result: CorrelationResult, _ setting: ReportSetting) {
        self.query = query
        self.result = result
        self.setting = setting
        words = ReportWords(setting)
    }

    func make() -> Report {
        let steps = query.funnel.steps.map { words.events($0.selector) }.joined(separator: " → ")
        var report = Report(say("Correlation: \(steps)", "상관 분석: \(steps)"))
        report.summary = [
            say(
                "\(words.people(result.converted)) converted, \(words.people(result.dropped)) dropped out. An odds "
                    + "ratio above 1 goes with converting, below 1 with dropping out; neither says why.",
                "\(words.people(result.converted)) 전환, \(words.people(result.dropped)) 이탈. 오즈비가 1보다 크면 전환과, "
                    + "작으면 이탈과 함께 나타납니다. 원인이라는 뜻은 아닙니다.")
        ]
        let (did, have) = (say("What they did", "한 행동"), say("What they have", "가진 속성"))
        report.add(table(result.events), heading: did)
        report.add(table(result.values), heading: have)
        if !result.events.isEmpty { report.charts.append(chart(did, result.events)) }
        if !result.values.isEmpty { report.charts.append(chart(have, result.values)) }
        return report
    }

    private func name(_ row: CorrelationResult.Row) -> String {
        if let event = row.event { return event }
        let subject = row.property ?? row.person ?? ""
        return "\(subject) = \(row.value.map { words.value($0) } ?? "")"
    }

    private func table(_ rows: [CorrelationResult.Row]) -> TextTable {
        var table = TextTable([
            .text(say("what", "항목")), .number(say("converted", "전환")), .number(say("dropped", "이탈")),
            .number(say("odds ratio", "오즈비")), .number(say("95 % interval", "95% 구간")),
            .number(say("p", "p값")),
        ])
        for row in rows {
            let odds = row.association
            let isClear = odds.low > 1 || odds.high < 1
            let (low, high) = (NumberFormat.value(odds.low), NumberFormat.value(odds.high))
            table.add(
                [
                    TextTable.Cell(name(row)), TextTable.Cell(NumberFormat.count(row.converted)),
                    TextTable.Cell(NumberFormat.count(row.dropped)),
                    TextTable.Cell(NumberFormat.value(odds.oddsRatio), isClear ? (odds.low > 1 ? .green : .red) : .dim),
                    TextTable.Cell(say("\(low) to \(high)", "\(low) ~ \(high)"), .dim),
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
    private func chart(_ title: String, _ rows: [CorrelationResult.Row]) -> Report.Chart {
        let points = rows.prefix(25).map { row in
            ScatterChart.Point(
                name(row), x: row.association.oddsRatio, y: Double(row.converted + row.dropped),
                xInterval: row.association.low...max(row.association.low, row.association.high))
        }
        return Report.Chart(
            ChartHeading(title, subtitle: say("odds ratio with its 95 % interval", "오즈비와 95% 신뢰 구간")),
            caption: say("To the right: goes with converting.", "오른쪽일수록 전환과 함께 나타납니다.")
        ) { heading, width in
            var chart = ScatterChart(
                heading, groups: [.init("", points)],
                x: .init(say("odds ratio", "오즈비"), isLogarithmic: true, reference: 1),
                y: .init(say("people", "고객"), isLogarithmic: true))
            chart.language = say.chart
            chart.size = chart.size.wide(width)
            return chart
        }
    }
}
