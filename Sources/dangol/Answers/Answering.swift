import Analysis
import Engine
import EventLog
import Reports

/// A question and what to call it.
struct NamedQuery: Sendable {
    var query: Query
    /// Where it came from, for errors: a file's name.
    var source: String?

    init(_ query: Query, source: String? = nil) {
        self.query = query
        self.source = source
    }
}

/// Asks questions and prints the answers in the form that was asked for.
struct Answering {
    let data: DataOptions
    let report: ReportOptions

    private struct Explained: Encodable {
        var result: QueryResult
        var explanation: QueryExplanation
    }

    func answer(_ queries: [NamedQuery]) async throws {
        let answers = try await data.backend().answer(queries)
        let reports = zip(queries, answers).map { named, answer in
            var one = AnswerReport.make(named.query, answer.result)
            one.notes += answer.explanation.notes
            if report.explain { ExplanationReport.add(answer.explanation, to: &one) }
            return one
        }
        if let file = report.html {
            try writeFile(file, HTMLPage.make(reports))
            printError(Terminal.error.styled("The page is in \(file).", .dim))
        }
        try print(reports, answers)
    }

    private func print(_ reports: [Report], _ answers: [AnalysisService.Answer]) throws {
        if report.output.json {
            let texts = try answers.map { answer in
                report.explain
                    ? try JSONText.of(Explained(result: answer.result, explanation: answer.explanation))
                    : try JSONText.of(answer.result)
            }
            printOut(texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ",\n") + "]")
        } else if report.output.csv {
            for one in reports { printOut(one.tables.first?.table.csv ?? "", terminator: "") }
        } else {
            // Several questions on a page: here only what they come to.
            let isBrief = report.html != nil && reports.count > 1
            let texts = reports.map { isBrief ? $0.brief(on: .output) : $0.text(on: .output) }
            printOut(texts.joined(separator: "\n\n"))
        }
    }
}

/// How an answer came about, as lines below it.
enum ExplanationReport {
    static func add(_ explanation: QueryExplanation, to report: inout Report) {
        let scan = explanation.scan
        var table = TextTable([.text("part"), .number("time")])
        for part in explanation.parts {
            table.add(
                [TextTable.Cell(part.name), TextTable.Cell(NumberFormat.duration(seconds: part.seconds))],
                values: [part.name, NumberFormat.plain(part.seconds)])
        }
        table.add(
            [
                TextTable.Cell("total", .bold),
                TextTable.Cell(NumberFormat.duration(seconds: explanation.seconds), .bold),
            ],
            values: ["total", NumberFormat.plain(explanation.seconds)])
        report.add(table, heading: "How it was answered")
        let rate = scan.seconds > 0 ? Double(scan.rowsScanned) / scan.seconds : 0
        report.notes += [
            "Read \(NumberFormat.count(scan.rowsScanned)) events of \(NumberFormat.count(scan.personsVisited)) persons, "
                + "\(NumberFormat.bytes(scan.bytesRead)) in \(NumberFormat.count(scan.blocks)) blocks of "
                + "\(scan.segments) segments; skipped \(NumberFormat.count(scan.blocksSkipped)) blocks.",
            "\(scan.threads) threads, \(NumberFormat.count(Int(rate))) events/s.",
        ]
    }
}
