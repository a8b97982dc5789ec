import Analysis
import Charts

/// A funnel: a bar for each step, how many went on, and how long they took.
struct FunnelReport: Sendable {
    private let query: FunnelQuery
    private let result: FunnelResult
    private let setting: ReportSetting
    private let words: ReportWords
    private var say: ReportLanguage { words.say }

    init(_ query: FunnelQuery, _ result: FunnelResult, _ setting: ReportSetting) {
        self.query = query
        self.result = result
        self.setting = setting
        words = ReportWords(setting)
    }

    func make() -> Report {
        var report = Report(
            say("Funnel: ", "퍼널: ") + query.steps.map { words.events($0.selector) }.joined(separator: " → "))
        report.summary = [sentence]
        report.add(table)
        let heading = ChartHeading(say("From step to step", "단계별 전환"), subtitle: conditions)
        report.charts.append(Report.Chart(heading, caption: sentence) { chart($0, width: $1) })
        addBreakdown(to: &report)
        addTrend(to: &report)
        addTimes(to: &report)
        if let people = result.people {
            report.add(
                TextTable([.text(say("person", "고객"))], rows: people.map { [TextTable.Cell($0)] }),
                heading: say("Who", "고객 목록"))
        }
        return report
    }

    private func chart(_ heading: ChartHeading, width: Double?) -> FunnelChart {
        var chart = FunnelChart(
            heading,
            steps: result.steps.enumerated().map { index, step in
                .init(
                    name(step), step.count, medianSeconds: step.medianSeconds, link: link(index, .converted),
                    droppedLink: index == 0 ? nil : link(index, .dropped))
            })
        chart.language = say.chart
        chart.size = chart.size.wide(width)
        return chart
    }

    private func link(_ step: Int, _ outcome: FunnelPeople.Outcome) -> String? {
        setting.link([("step", "\(step)"), ("outcome", outcome.rawValue)])
    }

    private func name(_ step: FunnelResult.Step) -> String {
        words.label(step.name, of: query.steps.map(\.selector))
    }

    private var unit: String {
        switch query.aggregateBy {
        case .person: say("people", "고객")
        case .session: say("sessions", "세션")
        case .property(let name): say("values of \(name)", "\(name) 값")
        }
    }

    private var sentence: String {
        guard let first = result.steps.first, let last = result.steps.last, first.count > 0 else {
            return say("Nobody did the first step.", "첫 단계를 한 고객이 없습니다.")
        }
        let share = words.percent(Double(last.count) / Double(first.count))
        let (all, done) = (NumberFormat.count(first.count), NumberFormat.count(last.count))
        return say(
            "\(done) of \(all) \(unit) (\(share)) did every step, \(conditions).",
            query.aggregateBy == .person
                ? "고객 \(all)명 중 \(done)명(\(share))이 모든 단계를 마쳤습니다. \(conditions)."
                : "\(unit) \(all)개 중 \(done)개(\(share))가 모든 단계를 마쳤습니다. \(conditions).")
    }

    private var conditions: String {
        let order =
            switch query.order {
            case .ordered: say("in this order", "순서대로")
            case .strict: say("with nothing in between", "사이에 다른 이벤트 없이")
            case .unordered: say("in any order", "순서 무관")
            }
        let window = words.span(query.window)
        return [say("\(order) within \(window)", "\(order), \(window) 이내"), words.range(query.range)]
            .compactMap(\.self).joined(separator: ", ")
    }

    private var table: TextTable {
        let ofPrevious = query.reference == .previous
        var table = TextTable([
            .number(""), .text(say("step", "단계")), .number(unit),
            .number(
                ofPrevious ? say("of the step before", "이전 단계 대비") : say("of the first", "첫 단계 대비")),
            .text(""), .number(say("median time", "중앙 소요 시간")), .number(say("mean time", "평균 소요 시간")),
        ])
        let first = Double(max(1, result.steps.first?.count ?? 1))
        for (index, step) in result.steps.enumerated() {
            table.add(
                [
                    TextTable.Cell("\(index + 1)", .dim), TextTable.Cell(name(step), .bold),
                    TextTable.Cell(NumberFormat.count(step.count), link: link(index, .converted)),
                    TextTable.Cell(words.percent(step.conversionRate)),
                    TextTable.Cell(Bar.text(Double(step.count) / first, width: 24), .bar),
                    TextTable.Cell(words.seconds(step.medianSeconds)),
                    TextTable.Cell(words.seconds(step.averageSeconds), .dim),
                ],
                values: [
                    "\(index + 1)", step.name, "\(step.count)", NumberFormat.plain(step.conversionRate),
                    NumberFormat.plain(Double(step.count) / first), AnswerText.plain(step.medianSeconds),
                    AnswerText.plain(step.averageSeconds),
                ])
        }
        return table.named(csv: [
            "step", "name", "count", "conversionRate", "shareOfFirst", "medianSeconds", "averageSeconds",
        ])
    }

    private func addBreakdown(to report: inout Report) {
        guard let groups = result.breakdown, let breakdown = query.breakdown else { return }
        let key = breakdown.key.label
        var table = TextTable(
            [.text(key)] + result.steps.map { .number($0.name) } + [.number(say("of the first", "첫 단계 대비"))])
        for group in groups {
            let counts = group.steps.map(\.count)
            let rate = Double(counts.last ?? 0) / Double(max(1, counts.first ?? 1))
            table.add(
                [TextTable.Cell(words.value(group.value))] + counts.map { TextTable.Cell(NumberFormat.count($0)) }
                    + [TextTable.Cell(words.percent(rate))],
                values: [group.value.description] + counts.map(String.init) + [NumberFormat.plain(rate)])
        }
        let heading = say("By \(key)", "\(key)별")
        report.add(table, heading: heading)
        let chartHeading = ChartHeading(heading, subtitle: say("\(unit) at each step", "단계별 \(unit)"))
        report.charts.append(
            Report.Chart(chartHeading, caption: say("Each step by \(key).", "\(key)별 단계 전환.")) { heading, width in
                var chart = BarChart(
                    heading, categories: groups.map { words.value($0.value) },
                    series: result.steps.indices.map { index in
                        .init(result.steps[index].name, groups.map { Double($0.steps[index].count) })
                    })
                chart.language = say.chart
                chart.size = chart.size.wide(width)
                return chart
            })
    }

    private func addTrend(to report: inout Report) {
        guard let trend = result.trend else { return }
        var table = TextTable([
            .text(say("entered in", "진입 시점")), .number(say("entered", "진입")), .number(say("converted", "전환")),
            .number(say("rate", "전환율")),
        ])
        for point in trend {
            table.add(
                [
                    TextTable.Cell(point.start), TextTable.Cell(NumberFormat.count(point.entered)),
                    TextTable.Cell(NumberFormat.count(point.converted)),
                    TextTable.Cell(words.percent(point.conversionRate)),
                ],
                values: [
                    point.start, "\(point.entered)", "\(point.converted)", NumberFormat.plain(point.conversionRate),
                ])
        }
        report.add(table, heading: say("Over time", "시간별"))
        let points = trend.map {
            LineChart.Point(
                time: LabelTime.milliseconds($0.start), value: $0.entered == 0 ? nil : $0.conversionRate)
        }
        report.charts.append(
            Report.Chart(
                ChartHeading(say("Conversion over time", "전환율 추이")),
                caption: say("Conversion by when people entered.", "진입 시점별 전환율.")
            ) { heading, width in
                var chart = LineChart(heading, series: [.init(say("conversion", "전환율"), points)])
                chart.format = .percent
                chart.language = say.chart
                chart.size = chart.size.wide(width)
                chart.annotations = setting.lineAnnotations
                return chart
            })
    }

    private func addTimes(to report: inout Report) {
        guard let times = result.timeToConvert, times.count > 0 else { return }
        let title = say("Time to convert", "전환 소요 시간")
        var table = TextTable([.number(say("from", "부터")), .number(say("to", "까지")), .number(say("people", "고객"))])
        for bin in times.bins {
            table.add(
                [
                    TextTable.Cell(words.seconds(bin.fromSeconds)), TextTable.Cell(words.seconds(bin.toSeconds)),
                    TextTable.Cell(NumberFormat.count(bin.count)),
                ],
                values: [NumberFormat.plain(bin.fromSeconds), NumberFormat.plain(bin.toSeconds), "\(bin.count)"])
        }
        report.add(table, heading: title)
        report.charts.append(
            Report.Chart(ChartHeading(title), caption: say("How long people took.", "전환까지 걸린 시간.")) { heading, width in
                var chart = Histogram(
                    heading, bins: times.bins.map { .init(low: $0.fromSeconds, high: $0.toSeconds, count: $0.count) })
                chart.format = .duration
                chart.language = say.chart
                chart.size = chart.size.wide(width)
                if let median = times.medianSeconds { chart.markers = [.init(say("median", "중앙값"), median)] }
                return chart
            })
    }
}

extension BreakdownKey {
    /// The name of the property or trait.
    package var label: String {
        switch subject {
        case .property(let name): name
        case .person(let trait): trait
        case .group(let kind, let trait): kind == "*" ? trait : "\(kind).\(trait)"
        }
    }
}
