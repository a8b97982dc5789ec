import Analysis
import Charts
import Foundation

/// Retention: a row for each cohort, shaded by how many came back.
enum RetentionReport {
    static func make(_ query: RetentionQuery, _ result: RetentionResult) -> Report {
        let target = query.targetEvent.label
        let title = query.returnEvent == query.targetEvent ? target : "\(target) → \(query.returnEvent.label)"
        var report = Report("Retention: \(title)")
        report.summary = [sentence(query, result)]
        report.add(table(query, result))
        report.charts.append(
            Report.Chart(svg: chart(query, result.cohorts, nil).svg(), caption: sentence(query, result)))
        for group in result.breakdown ?? [] {
            let name = group.breakdown.description
            report.add(self.table(query, result, cohorts: group.cohorts), heading: name)
            report.charts.append(
                Report.Chart(svg: chart(query, group.cohorts, name).svg(), caption: "The cohorts of \(name)."))
        }
        if let people = result.people {
            report.add(
                TextTable([.text("person")], rows: people.ids.map { [TextTable.Cell($0)] }),
                heading: "\(AnswerText.people(people.count)) of \(people.cohort), column \(people.interval)")
        }
        if result.cohorts.contains(where: { $0.completeValues < $0.values.count }) {
            report.notes.append("Dim figures may still grow: their period is not over for everybody.")
        }
        return report
    }

    private static func sentence(_ query: RetentionQuery, _ result: RetentionResult) -> String {
        let people = result.cohorts.reduce(0) { $0 + $1.size }
        guard people > 0 else { return "Nobody did the first event." }
        let second = result.summary.weighted.dropFirst().first.flatMap(\.self)
        let cell = result.labels.dropFirst().first ?? ""
        let back = second.map { "; \(NumberFormat.percent($0)) came back in \(cell)" } ?? ""
        let who = query.kind == .recurring ? "\(NumberFormat.count(people)) starts" : AnswerText.people(people)
        return "\(who) in \(result.cohorts.count) cohorts\(back)."
    }

    private static func table(
        _ query: RetentionQuery, _ result: RetentionResult, cohorts: [RetentionResult.Cohort]? = nil
    ) -> TextTable {
        var table = TextTable(
            [.text("cohort"), .number("people")] + result.labels.dropFirst().map { .number($0) })
        for cohort in cohorts ?? result.cohorts {
            let size = Double(max(1, cohort.size))
            let cells = cohort.values.enumerated().dropFirst().map { cell, count in
                let share = Double(count) / size
                let isComplete = cell < cohort.completeValues
                return TextTable.Cell(
                    cohort.size == 0 ? "" : NumberFormat.percent(share), isComplete ? .shade(share.squareRoot()) : .dim)
            }
            table.add(
                [TextTable.Cell(cohort.start), TextTable.Cell(NumberFormat.count(cohort.size))] + cells,
                values: [cohort.start, "\(cohort.size)"] + cohort.values.dropFirst().map(String.init))
        }
        if cohorts == nil {
            let mean = result.summary.weighted.dropFirst().map { TextTable.Cell(AnswerText.percent($0), .bold) }
            table.rows.append([TextTable.Cell("all", .bold), .empty] + mean)
        }
        return table
    }

    private static func chart(
        _ query: RetentionQuery, _ cohorts: [RetentionResult.Cohort], _ group: String?
    ) -> CohortTable {
        CohortTable(
            ChartHeading(group ?? "Who came back", subtitle: AnswerText.range(query.range)),
            rows: cohorts.map { .init($0.start, size: $0.size, counts: $0.values.map { $0 }) },
            period: query.period.rawValue.capitalized)
    }
}
