import Analysis
import Charts

/// A funnel: a bar for each step, how many went on, and how long they took.
enum FunnelReport {
    static func make(_ query: FunnelQuery, _ result: FunnelResult) -> Report {
        var report = Report("Funnel: " + query.steps.map(\.selector.label).joined(separator: " → "))
        report.summary = [sentence(query, result)]
        report.add(table(query, result.steps))
        report.charts.append(
            Report.Chart(
                svg: FunnelChart(
                    ChartHeading("From step to step", subtitle: conditions(query)),
                    steps: result.steps.map { .init($0.name, $0.count, medianSeconds: $0.medianSeconds) }
                ).svg(), caption: sentence(query, result)))
        addBreakdown(query, result, to: &report)
        addTrend(query, result, to: &report)
        addTimes(result, to: &report)
        if let people = result.people {
            report.add(TextTable([.text("person")], rows: people.map { [TextTable.Cell($0)] }), heading: "Who")
        }
        return report
    }

    private static func unit(_ query: FunnelQuery) -> String {
        switch query.aggregateBy {
        case .person: "people"
        case .session: "sessions"
        case .property(let name): "values of \(name)"
        }
    }

    private static func sentence(_ query: FunnelQuery, _ result: FunnelResult) -> String {
        guard let first = result.steps.first, let last = result.steps.last, first.count > 0 else {
            return "Nobody did the first step."
        }
        let share = Double(last.count) / Double(first.count)
        return "\(NumberFormat.count(last.count)) of \(NumberFormat.count(first.count)) \(unit(query)) "
            + "(\(NumberFormat.percent(share))) did every step, \(conditions(query))."
    }

    private static func conditions(_ query: FunnelQuery) -> String {
        let order =
            switch query.order {
            case .ordered: "in this order"
            case .strict: "with nothing in between"
            case .unordered: "in any order"
            }
        return ["\(order) within \(query.window)", AnswerText.range(query.range)].compactMap(\.self)
            .joined(separator: ", ")
    }

    private static func table(_ query: FunnelQuery, _ steps: [FunnelResult.Step]) -> TextTable {
        let ofPrevious = query.reference == .previous
        var table = TextTable([
            .number(""), .text("step"), .number(unit(query)),
            .number(ofPrevious ? "of the step before" : "of the first"),
            .text(""), .number("median time"), .number("mean time"),
        ])
        let first = Double(max(1, steps.first?.count ?? 1))
        for (index, step) in steps.enumerated() {
            table.add(
                [
                    TextTable.Cell("\(index + 1)", .dim), TextTable.Cell(step.name, .bold),
                    TextTable.Cell(NumberFormat.count(step.count)),
                    TextTable.Cell(NumberFormat.percent(step.conversionRate)),
                    TextTable.Cell(Bar.text(Double(step.count) / first, width: 24), .bar),
                    TextTable.Cell(AnswerText.seconds(step.medianSeconds)),
                    TextTable.Cell(AnswerText.seconds(step.averageSeconds), .dim),
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

    private static func addBreakdown(_ query: FunnelQuery, _ result: FunnelResult, to report: inout Report) {
        guard let groups = result.breakdown, let breakdown = query.breakdown else { return }
        var table = TextTable(
            [.text(breakdown.key.label)] + result.steps.map { .number($0.name) } + [.number("of the first")])
        for group in groups {
            let counts = group.steps.map(\.count)
            let rate = Double(counts.last ?? 0) / Double(max(1, counts.first ?? 1))
            table.add(
                [TextTable.Cell(group.value.description)] + counts.map { TextTable.Cell(NumberFormat.count($0)) }
                    + [TextTable.Cell(NumberFormat.percent(rate))],
                values: [group.value.description] + counts.map(String.init) + [NumberFormat.plain(rate)])
        }
        report.add(table, heading: "By \(breakdown.key.label)")
        let chart = BarChart(
            ChartHeading("By \(breakdown.key.label)", subtitle: "\(unit(query)) at each step"),
            categories: groups.map(\.value.description),
            series: result.steps.indices.map { index in
                .init(result.steps[index].name, groups.map { Double($0.steps[index].count) })
            })
        report.charts.append(Report.Chart(svg: chart.svg(), caption: "Each step by \(breakdown.key.label)."))
    }

    private static func addTrend(_ query: FunnelQuery, _ result: FunnelResult, to report: inout Report) {
        guard let trend = result.trend else { return }
        var table = TextTable([.text("entered in"), .number("entered"), .number("converted"), .number("rate")])
        for point in trend {
            table.add(
                [
                    TextTable.Cell(point.start), TextTable.Cell(NumberFormat.count(point.entered)),
                    TextTable.Cell(NumberFormat.count(point.converted)),
                    TextTable.Cell(NumberFormat.percent(point.conversionRate)),
                ],
                values: [
                    point.start, "\(point.entered)", "\(point.converted)", NumberFormat.plain(point.conversionRate),
                ])
        }
        report.add(table, heading: "Over time")
        let points = trend.map {
            LineChart.Point(
                time: LabelTime.milliseconds($0.start), value: $0.entered == 0 ? nil : $0.conversionRate)
        }
        var chart = LineChart("Conversion over time", series: [.init("conversion", points)])
        chart.format = .percent
        report.charts.append(Report.Chart(svg: chart.svg(), caption: "Conversion by when people entered."))
    }

    private static func addTimes(_ result: FunnelResult, to report: inout Report) {
        guard let times = result.timeToConvert, times.count > 0 else { return }
        var table = TextTable([.number("from"), .number("to"), .number("people")])
        for bin in times.bins {
            table.add(
                [
                    TextTable.Cell(NumberFormat.duration(seconds: bin.fromSeconds)),
                    TextTable.Cell(NumberFormat.duration(seconds: bin.toSeconds)),
                    TextTable.Cell(NumberFormat.count(bin.count)),
                ],
                values: [NumberFormat.plain(bin.fromSeconds), NumberFormat.plain(bin.toSeconds), "\(bin.count)"])
        }
        report.add(table, heading: "Time to convert")
        var chart = Histogram(
            "Time to convert", bins: times.bins.map { .init(low: $0.fromSeconds, high: $0.toSeconds, count: $0.count) })
        chart.format = .duration
        if let median = times.medianSeconds { chart.markers = [.init("median", median)] }
        report.charts.append(Report.Chart(svg: chart.svg(), caption: "How long people took."))
    }
}

extension BreakdownKey {
    /// The name of the property or trait.
    var label: String {
        switch subject {
        case .property(let name): name
        case .person(let trait): trait
        case .group(let kind, let trait): kind == "*" ? trait : "\(kind).\(trait)"
        }
    }
}
