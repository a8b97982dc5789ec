import Analysis
import Charts

/// Stickiness: people by the number of intervals in which they were active.
struct StickinessReport: Sendable {
    private let query: StickinessQuery
    private let result: StickinessResult
    private let setting: ReportSetting
    private let words: ReportWords
    private var say: ReportLanguage { words.say }

    init(_ query: StickinessQuery, _ result: StickinessResult, _ setting: ReportSetting) {
        self.query = query
        self.result = result
        self.setting = setting
        words = ReportWords(setting)
    }

    func make() -> Report {
        var report = Report(say("Stickiness: ", "고착도: ") + query.series.map(words.events).joined(separator: ", "))
        report.summary = result.series.map { series in
            let mean =
                series.averageIntervals.map { mean in
                    say(
                        ", on \(NumberFormat.value(mean)) \(query.interval.rawValue)s each on average",
                        ", 1인당 평균 \(NumberFormat.value(mean))\(unit)")
                } ?? ""
            return "\(label(series)): \(words.people(series.people))\(mean)."
        }
        report.add(table)
        let heading = ChartHeading(
            say("On how many \(query.interval.rawValue)s people came", "고객이 찾아온 횟수 (\(unit) 기준)"),
            subtitle: words.range(query.range))
        report.charts.append(
            Report.Chart(heading, caption: report.summary.first ?? report.title) { chart($0, width: $1) })
        report.add(
            result.people, in: words,
            of: query.people.map { people in
                let label = labels[people.intervals - 1]
                return say(
                    "of \(people.series), \(query.cumulative ? "at least " : "")\(label)",
                    "\(people.series), \(label)\(query.cumulative ? " 이상" : "")")
            } ?? "")
        return report
    }

    private func label(_ series: StickinessResult.Series) -> String { words.label(series.label, of: query.series) }

    private var unit: String {
        query.interval == .month ? "개월" : query.interval == .hour ? "시간" : words.interval(query.interval)
    }

    private var labels: [String] {
        result.labels.enumerated().map { say($0.element, "\($0.offset + 1)\(unit)") }
    }

    private func link(_ series: Int, _ index: Int) -> String? {
        guard (result.series[series].values[index] ?? 0) != 0 else { return nil }
        return setting.link([("series", result.series[series].name), ("intervals", "\(index + 1)")])
    }

    private var table: TextTable {
        let most = result.series.count == 1 ? result.series[0].values.compactMap(\.self).max() ?? 0 : 0
        var table = TextTable(
            [.text(query.cumulative ? say("at least", "최소") : say("active on", "활동"))]
                + result.series.map { .number(label($0)) } + (most > 0 ? [.text("")] : []))
        for (index, label) in labels.enumerated() {
            let values = result.series.map { $0.values[index] }
            var cells = [TextTable.Cell(label, .dim)]
            cells += values.enumerated().map { TextTable.Cell(AnswerText.value($1), link: link($0, index)) }
            if most > 0 { cells.append(TextTable.Cell(Bar.text((values[0] ?? 0) / most, width: 24), .bar)) }
            table.add(cells, values: [result.labels[index]] + values.map(AnswerText.plain))
        }
        return table.named(csv: ["intervals"] + result.series.map(\.label))
    }

    private func chart(_ heading: ChartHeading, width: Double?) -> BarChart {
        var chart = BarChart(
            heading, categories: labels,
            series: result.series.enumerated().map { index, series in
                .init(
                    label(series), series.values,
                    links: setting.link == nil ? [] : series.values.indices.map { link(index, $0) })
            })
        chart.language = say.chart
        chart.size = chart.size.wide(width)
        return chart
    }
}
