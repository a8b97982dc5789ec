import Analysis
import Charts

/// A journey map: a row for each stage, and the flows between them.
struct JourneyMapReport: Sendable {
    private let query: JourneyMapQuery
    private let result: JourneyMapResult
    private let setting: ReportSetting
    private let words: ReportWords
    private var say: ReportLanguage { words.say }

    init(_ query: JourneyMapQuery, _ result: JourneyMapResult, _ setting: ReportSetting) {
        self.query = query
        self.result = result
        self.setting = setting
        words = ReportWords(setting)
    }

    func make() -> Report {
        var report = Report(
            say("Journey map: ", "고객 여정 지도: ") + result.stages.map(\.name).joined(separator: " → "))
        report.summary = [sentence]
        report.add(table)
        report.add(flows, heading: say("From stage to stage", "단계 사이의 이동"))
        report.add(lastEvents, heading: say("Last before dropping off", "이탈 직전의 마지막 행동"))
        let heading = ChartHeading(say("From stage to stage", "단계 사이의 이동"), subtitle: words.range(query.range))
        report.charts.append(Report.Chart(heading, caption: sentence) { chart($0, width: $1) })
        report.add(
            result.people, in: words,
            of: query.people.map {
                let stage = result.stages[$0.stage].name
                return say("\($0.outcome.rawValue) at \(stage)", stage)
            } ?? "")
        return report
    }

    private func link(_ stage: Int, _ outcome: JourneyMapQuery.People.Outcome, to: Int? = nil) -> String? {
        setting.link(
            [("stage", "\(stage)"), ("outcome", outcome.rawValue)] + (to.map { [("to", "\($0)")] } ?? []))
    }

    private var sentence: String {
        guard let first = result.stages.first, let last = result.stages.last, first.count > 0 else {
            return say("Nobody reached the first stage.", "첫 단계에 온 고객이 없습니다.")
        }
        return say(
            "\(words.people(first.count)) reached '\(first.name)', \(words.people(last.count)) '\(last.name)'"
                + (words.range(query.range).map { ", \($0)." } ?? "."),
            "'\(first.name)' \(words.people(first.count)), '\(last.name)' \(words.people(last.count))"
                + (words.range(query.range).map { " (\($0))." } ?? "."))
    }

    private var table: TextTable {
        var table = TextTable([
            .number(""), .text(say("stage", "단계")), .number(say("people", "고객")), .number(say("go on", "다음으로")),
            .number(say("drop off", "이탈")), .number(say("rate", "전환율")),
            .number(say("median time to next", "다음까지 중앙 시간")),
        ])
        for (index, stage) in result.stages.enumerated() {
            table.add(
                [
                    TextTable.Cell("\(index + 1)", .dim), TextTable.Cell(stage.name, .bold),
                    TextTable.Cell(NumberFormat.count(stage.count), link: link(index, .reached)),
                    TextTable.Cell(NumberFormat.count(stage.onward), link: link(index, .onward)),
                    TextTable.Cell(NumberFormat.count(stage.dropped), .red, link: link(index, .dropped)),
                    TextTable.Cell(words.percent(stage.conversionRate)),
                    TextTable.Cell(words.seconds(stage.medianSeconds), .dim),
                ],
                values: [
                    "\(index + 1)", stage.name, "\(stage.count)", "\(stage.onward)", "\(stage.dropped)",
                    NumberFormat.plain(stage.conversionRate), AnswerText.plain(stage.medianSeconds),
                ])
        }
        return table.named(csv: [
            "stage", "name", "count", "onward", "dropped", "conversionRate", "medianSeconds",
        ])
    }

    private var flows: TextTable {
        var table = TextTable([
            .text(say("from", "이전")), .text(say("to", "다음")), .number(say("people", "고객")),
            .number(say("median time", "중앙 시간")), .text(say("most often by way of", "가장 흔한 경로")),
        ])
        for flow in result.flows.sorted(by: { ($1.count, $0.from, $0.to) < ($0.count, $1.from, $1.to) }) {
            let way = flow.paths.first { !$0.events.isEmpty }
            table.add([
                TextTable.Cell(result.stages[flow.from].name), TextTable.Cell("→ \(result.stages[flow.to].name)"),
                TextTable.Cell(NumberFormat.count(flow.count), link: link(flow.from, .onward, to: flow.to)),
                TextTable.Cell(words.seconds(flow.medianSeconds), .dim),
                TextTable.Cell(way.map { $0.events.joined(separator: " → ") } ?? say("directly", "바로")),
            ])
        }
        return table
    }

    private var lastEvents: TextTable {
        var table = TextTable([
            .text(say("stage", "단계")), .text(say("last event", "마지막 이벤트")), .number(say("people", "고객")),
            .number(say("of those who drop off", "이탈 고객 중")),
        ])
        for stage in result.stages {
            for last in stage.lastEvents {
                table.add([
                    TextTable.Cell(stage.name), TextTable.Cell(last.event),
                    TextTable.Cell(NumberFormat.count(last.count)),
                    TextTable.Cell(words.percent(Double(last.count) / Double(max(1, stage.dropped)))),
                ])
            }
        }
        return table
    }

    private func chart(_ heading: ChartHeading, width: Double?) -> SankeyChart {
        let gone = say("dropped off", "이탈")
        var links = result.flows.map { flow in
            SankeyChart.Link(
                from: .init(flow.from, result.stages[flow.from].name), to: .init(flow.to, result.stages[flow.to].name),
                count: flow.count, meanSeconds: flow.medianSeconds, link: link(flow.from, .onward, to: flow.to))
        }
        for (index, stage) in result.stages.enumerated().dropLast() where stage.dropped > 0 {
            links.append(
                SankeyChart.Link(
                    from: .init(index, stage.name), to: .init(index + 1, gone), count: stage.dropped,
                    link: link(index, .dropped)))
        }
        var chart = SankeyChart(heading, links: links)
        chart.language = say.chart
        chart.size = chart.size.wide(width)
        return chart
    }
}
