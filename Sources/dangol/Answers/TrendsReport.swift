import Analysis
import Charts

/// Trends: a line for each series, and a row for each interval.
enum TrendsReport {
    static func make(_ query: TrendsQuery, _ result: TrendsResult) -> Report {
        var report = Report("Trends: " + titles(query).joined(separator: ", "))
        report.summary = result.series.prefix(3).map { sentence($0) }
        if result.series.count > 3 { report.summary.append("and \(result.series.count - 3) more.") }
        report.add(table(result))
        if result.series.count > 1 || result.series.first?.breakdown != nil {
            report.add(totals(result), heading: "Over the whole range")
        }
        report.charts.append(
            Report.Chart(svg: chart(query, result).svg(), caption: report.summary.first ?? report.title))
        report.add(
            result.people,
            of: query.people.map { "of \($0.series), \($0.label)\($0.breakdown.map { ", \($0)" } ?? "")" } ?? "")
        if result.partialFirst || result.partialLast {
            let which =
                result.partialFirst && result.partialLast ? "first and last" : result.partialFirst ? "first" : "last"
            report.notes.append("The \(which) \(query.interval.rawValue) is not whole.")
        }
        return report
    }

    private static func titles(_ query: TrendsQuery) -> [String] {
        query.formulas.isEmpty ? query.series.map(\.event.label) : query.formulas
    }

    private static func name(_ series: TrendsResult.Series) -> String {
        series.breakdown.map { "\($0)" } ?? series.label
    }

    private static func sentence(_ series: TrendsResult.Series) -> String {
        let breakdown = series.breakdown.map { " · \($0)" } ?? ""
        let before = series.previous?.total.map { " (\(NumberFormat.value($0)) in the period before)" } ?? ""
        return "\(series.label)\(breakdown): \(AnswerText.value(series.total)) over the whole range\(before)"
    }

    private static func table(_ result: TrendsResult) -> TextTable {
        let compared = result.previousLabels != nil
        var columns: [TextTable.Column] = [.text("from")]
        for series in result.series {
            columns.append(.number(name(series)))
            if compared { columns.append(.number("before")) }
        }
        // One series has room for a bar.
        let most = result.series.count == 1 ? result.series[0].points.compactMap(\.self).max() ?? 0 : 0
        if most > 0 { columns.append(.text("")) }
        var table = TextTable(columns)
        for (index, label) in result.labels.enumerated() {
            var cells = [TextTable.Cell(label, .dim)]
            var plain = [label]
            for series in result.series {
                cells.append(TextTable.Cell(AnswerText.value(series.points[index])))
                plain.append(AnswerText.plain(series.points[index]))
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

    private static func totals(_ result: TrendsResult) -> TextTable {
        var table = TextTable([.text("series"), .number("total")])
        for series in result.series {
            table.add(
                [TextTable.Cell(name(series)), TextTable.Cell(AnswerText.value(series.total))],
                values: [name(series), AnswerText.plain(series.total)])
        }
        return table
    }

    private static func chart(_ query: TrendsQuery, _ result: TrendsResult) -> LineChart {
        let times = result.labels.map(LabelTime.milliseconds)
        var lines = result.series.prefix(8).map { series in
            LineChart.Series(name(series), zip(times, series.points).map { LineChart.Point(time: $0, value: $1) })
        }
        if result.previousLabels != nil {
            for series in result.series.prefix(8 - lines.count) {
                guard let previous = series.previous else { continue }
                lines.append(
                    LineChart.Series(
                        "\(name(series)), before",
                        zip(times, previous.points).map { LineChart.Point(time: $0, value: $1) }))
            }
        }
        var chart = LineChart(
            ChartHeading("By \(query.interval.rawValue)", subtitle: AnswerText.range(query.range)), series: lines)
        chart.lastIsPartial = result.partialLast
        return chart
    }
}
