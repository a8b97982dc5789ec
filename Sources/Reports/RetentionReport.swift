import Analysis
import Charts
import Foundation

/// Retention: a row for each cohort, shaded by how many came back.
struct RetentionReport: Sendable {
    private let query: RetentionQuery
    private let result: RetentionResult
    private let setting: ReportSetting
    private let words: ReportWords
    private var say: ReportLanguage { words.say }

    init(_ query: RetentionQuery, _ result: RetentionResult, _ setting: ReportSetting) {
        self.query = query
        self.result = result
        self.setting = setting
        words = ReportWords(setting)
    }

    func make() -> Report {
        let target = words.events(query.targetEvent)
        let title = query.returnEvent == query.targetEvent ? target : "\(target) → \(words.events(query.returnEvent))"
        var report = Report(say("Retention: \(title)", "리텐션: \(title)"))
        report.summary = [sentence]
        report.add(table(result.cohorts, group: nil))
        report.charts.append(
            Report.Chart(
                ChartHeading(say("Who came back", "다시 찾아온 고객"), subtitle: words.range(query.range)), caption: sentence
            ) { chart(result.cohorts, group: nil, $0, width: $1) })
        for group in result.breakdown ?? [] {
            let name = words.value(group.breakdown)
            report.add(table(group.cohorts, group: group.breakdown), heading: name)
            report.charts.append(
                Report.Chart(
                    ChartHeading(name, subtitle: words.range(query.range)),
                    caption: say("The cohorts of \(name).", "\(name)의 코호트.")
                ) { chart(group.cohorts, group: group.breakdown, $0, width: $1) })
        }
        if let people = result.people {
            report.add(
                TextTable([.text(say("person", "고객"))], rows: people.ids.map { [TextTable.Cell($0)] }),
                heading: say(
                    "\(words.people(people.count)) of \(people.cohort), column \(people.interval)",
                    "\(people.cohort) 코호트, \(people.interval)번째 칸 \(words.people(people.count))"))
        }
        if result.cohorts.contains(where: { $0.completeValues < $0.values.count }) {
            report.notes.append(
                say(
                    "Dim figures may still grow: their period is not over for everybody.",
                    "흐린 수치는 아직 늘어날 수 있습니다. 모든 고객의 기간이 끝나지 않았습니다."))
        }
        return report
    }

    private func link(_ cohort: RetentionResult.Cohort, _ cell: Int, _ group: BreakdownValue?) -> String? {
        if cohort.values[cell] == 0 { return nil }
        return setting.link(
            [("cohort", cohort.start), ("interval", "\(cell)")] + (group.map { [("breakdown", $0.description)] } ?? []))
    }

    private var sentence: String {
        let people = result.cohorts.reduce(0) { $0 + $1.size }
        guard people > 0 else { return say("Nobody did the first event.", "첫 이벤트를 한 고객이 없습니다.") }
        let second = result.summary.weighted.dropFirst().first.flatMap(\.self)
        let cell = result.labels.dropFirst().first ?? ""
        let who =
            query.kind == .recurring
            ? say("\(NumberFormat.count(people)) starts", "시작 \(NumberFormat.count(people))건") : words.people(people)
        let count = result.cohorts.count
        return say(
            "\(who) in \(count) cohorts"
                + (second.map { "; \(words.percent($0)) came back in \(cell)" } ?? "") + ".",
            "코호트 \(count)개, \(who)"
                + (second.map { ". \(period) 1에 \(words.percent($0))가 돌아왔습니다" } ?? "") + ".")
    }

    private var period: String {
        say(
            query.period.rawValue.capitalized,
            query.period == .hour ? "시간" : query.period == .month ? "개월" : words.interval(query.period))
    }

    private func table(_ cohorts: [RetentionResult.Cohort], group: BreakdownValue?) -> TextTable {
        let labels = result.labels.enumerated().map { say($0.element, "\(period) \($0.offset)") }
        var table = TextTable(
            [.text(say("cohort", "코호트")), .number(say("people", "고객"))] + labels.dropFirst().map { .number($0) })
        for cohort in cohorts {
            let size = Double(max(1, cohort.size))
            let cells = cohort.values.enumerated().dropFirst().map { cell, count in
                let share = Double(count) / size
                let isComplete = cell < cohort.completeValues
                return TextTable.Cell(
                    cohort.size == 0 ? "" : words.percent(share), isComplete ? .shade(share.squareRoot()) : .dim,
                    link: link(cohort, cell, group))
            }
            let size0 = TextTable.Cell(
                NumberFormat.count(cohort.size), link: cohort.values.isEmpty ? nil : link(cohort, 0, group))
            table.add(
                [TextTable.Cell(cohort.start), size0] + cells,
                values: [cohort.start, "\(cohort.size)"] + cohort.values.dropFirst().map(String.init))
        }
        if group == nil {
            let mean = result.summary.weighted.dropFirst().map { share in
                TextTable.Cell(words.percent(share), .bold)
            }
            table.rows.append([TextTable.Cell(say("all", "전체"), .bold), .empty] + mean)
        }
        return say == .english ? table : table.named(csv: ["cohort", "people"] + result.labels.dropFirst())
    }

    private func chart(
        _ cohorts: [RetentionResult.Cohort], group: BreakdownValue?, _ heading: ChartHeading, width: Double?
    ) -> CohortTable {
        var chart = CohortTable(
            heading,
            rows: cohorts.map { cohort in
                .init(
                    cohort.start, size: cohort.size, counts: cohort.values.map { $0 },
                    links: setting.link == nil ? [] : cohort.values.indices.map { link(cohort, $0, group) })
            },
            period: period)
        chart.language = say.chart
        chart.width = width ?? chart.width
        return chart
    }
}
