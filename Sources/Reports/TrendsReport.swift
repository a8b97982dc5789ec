package import Analysis
import Charts

/// Trends: a line for each series, and a row for each interval.
struct TrendsReport: Sendable {
    private let query: TrendsQuery
    private let result: TrendsResult
    private let setting: ReportSetting
    private let words: ReportWords
    private var say: ReportLanguage { words.say }

    init(_ query: TrendsQuery, _ result: TrendsResult, _ setting: ReportSetting) {
        self.query = query
        self.result = result
        self.setting = setting
        words = ReportWords(setting)
    }

    func make() -> Report {
        var report = Report(say("Trends: ", "추이: ") + titles.joined(separator: ", "))
        report.summary = result.series.prefix(3).map(sentence)
        if result.series.count > 3 {
            report.summary.append(
                say("and \(result.series.count - 3) more.", "그 밖에 \(result.series.count - 3)개."))
        }
        report.add(table)
        if result.series.count > 1 || result.series.first?.breakdown != nil {
            report.add(totals, heading: say("Over the whole range", "기간 전체"))
        }
        let heading = ChartHeading(words.by(query.interval), subtitle: words.range(query.range))
        report.charts.append(
            Report.Chart(heading, caption: report.summary.first ?? report.title) { chart($0, width: $1) })
        report.add(
            result.people, in: words,
            of: query.people.map { "of \($0.series), \($0.label)\($0.breakdown.map { ", \($0)" } ?? "")" } ?? "")
        if result.partialFirst || result.partialLast {
            let which =
                result.partialFirst && result.partialLast
                ? say("first and last", "처음과 마지막")
                : result.partialFirst ? say("first", "처음") : say("last", "마지막")
            report.notes.append(
                say(
                    "The \(which) \(query.interval.rawValue) is not whole.",
                    "\(which) \(words.interval(query.interval)) 구간은 온전하지 않습니다."))
        }
        return report
    }

    private var titles: [String] {
        query.formulas.isEmpty ? query.series.map { words.events($0.event) } : query.formulas
    }

    private func name(_ series: TrendsResult.Series) -> String {
        series.breakdown.map(words.value) ?? label(series)
    }

    /// The label of the answer is English; a series without a name of its own says its measure in words.
    private func label(_ series: TrendsResult.Series) -> String {
        guard say == .korean, query.formulas.isEmpty,
            let asked = query.series.first(where: {
                $0.event.name == nil && series.label.hasPrefix($0.event.label + " (")
            })
        else { return series.label }
        return "\(words.events(asked.event)) (\(measure(asked)))"
    }

    private func measure(_ series: TrendsQuery.Series) -> String {
        let name = TrendMathName.of(series.math, say)
        return series.property.map { "\($0) \(name)" } ?? name
    }

    /// What the compared range is called.
    private var before: String {
        query.compare == .year ? say("a year before", "작년") : say("before", "이전 기간")
    }

    private func sentence(_ series: TrendsResult.Series) -> String {
        let breakdown = series.breakdown.map { " · \(words.value($0))" } ?? ""
        let comparison =
            series.previous?.total.map { total in
                say(
                    " (\(NumberFormat.value(total)) in the \(query.compare == .year ? "year" : "period") before)",
                    " (\(before) \(NumberFormat.value(total)))")
            } ?? ""
        let total = AnswerText.value(series.total)
        return say(
            "\(series.label)\(breakdown): \(total) over the whole range\(comparison)",
            "\(label(series))\(breakdown): 기간 전체 \(total)\(comparison)")
    }

    /// Formulas have no people: they are made of several numbers.
    private func link(_ series: TrendsResult.Series, _ label: String) -> String? {
        guard query.formulas.isEmpty else { return nil }
        return setting.link(
            [("series", series.name), ("label", label)]
                + (series.breakdown.map { [("breakdown", $0.description)] } ?? []))
    }

    private var table: TextTable {
        let compared = result.previousLabels != nil
        var columns: [TextTable.Column] = [.text(say("from", "시작"))]
        for series in result.series {
            columns.append(.number(name(series)))
            if compared { columns.append(.number(before)) }
        }
        // One series has room for a bar.
        let most = result.series.count == 1 ? result.series[0].points.compactMap(\.self).max() ?? 0 : 0
        if most > 0 { columns.append(.text("")) }
        var table = TextTable(columns)
        for (index, label) in result.labels.enumerated() {
            var cells = [TextTable.Cell(label, .dim)]
            var plain = [label]
            for series in result.series {
                let value = series.points[index]
                cells.append(
                    TextTable.Cell(AnswerText.value(value), link: (value ?? 0) == 0 ? nil : link(series, label)))
                plain.append(AnswerText.plain(value))
                if compared {
                    let before = series.previous.flatMap { index < $0.points.count ? $0.points[index] : nil }
                    cells.append(TextTable.Cell(AnswerText.value(before), .dim))
                    plain.append(AnswerText.plain(before))
                }
            }
            if most > 0 {
                cells.append(TextTable.Cell(Bar.text((result.series[0].points[index] ?? 0) / most, width: 24), .bar))
            }
            table.add(cells, values: plain)
        }
        return table.named(csv: columns.prefix(columns.count - (most > 0 ? 1 : 0)).map(\.title))
    }

    private var totals: TextTable {
        var table = TextTable([.text(say("series", "시리즈")), .number(say("total", "합계"))])
        for series in result.series {
            table.add(
                [TextTable.Cell(name(series)), TextTable.Cell(AnswerText.value(series.total))],
                values: [name(series), AnswerText.plain(series.total)])
        }
        return table
    }

    private func chart(_ heading: ChartHeading, width: Double?) -> LineChart {
        let times = result.labels.map(LabelTime.milliseconds)
        var lines = result.series.prefix(8).map { series in
            LineChart.Series(
                name(series),
                result.labels.indices.map { index in
                    let value = series.points[index]
                    return LineChart.Point(
                        time: times[index], value: value,
                        link: (value ?? 0) == 0 ? nil : link(series, result.labels[index]))
                })
        }
        if result.previousLabels != nil {
            for series in result.series.prefix(8 - lines.count) {
                guard let previous = series.previous else { continue }
                lines.append(
                    LineChart.Series(
                        "\(name(series)), \(before)",
                        zip(times, previous.points).map { LineChart.Point(time: $0, value: $1) }))
            }
        }
        var chart = LineChart(heading, series: lines)
        chart.lastIsPartial = result.partialLast
        chart.language = say.chart
        chart.size = chart.size.wide(width)
        chart.annotations = setting.lineAnnotations
        return chart
    }
}

/// What people call a measure.
package enum TrendMathName {
    package static func of(_ math: TrendMath, _ say: ReportLanguage) -> String {
        switch math {
        case .total: say("events", "이벤트 수")
        case .dau: say("people", "고객 수")
        case .weeklyActive: say("weekly active people", "주간 활성 고객")
        case .monthlyActive: say("monthly active people", "월간 활성 고객")
        case .uniqueSessions: say("sessions", "세션 수")
        case .firstTime: say("first-time people", "첫 이용 고객")
        case .sum: say("sum", "합계")
        case .avg: say("mean", "평균")
        case .min: say("minimum", "최솟값")
        case .max: say("maximum", "최댓값")
        case .median: say("median", "중앙값")
        case .p90: say("90th percentile", "상위 10% 값")
        case .p95: say("95th percentile", "상위 5% 값")
        case .p99: say("99th percentile", "상위 1% 값")
        case .averageCountPerActor: say("events per person", "1인당 이벤트 수")
        case .averageSumPerActor: say("sum per person", "1인당 합계")
        }
    }
}
