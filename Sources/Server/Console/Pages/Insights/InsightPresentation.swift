import Analysis
import Engine
import EventLog
import Foundation
import Reports

/// An answer as a page shows it: words, charts drawn for wide and for narrow places, tables, and how it came about.
struct InsightPresentation {
    private let answer: InsightAnswer
    private let report: Report
    private let call: PageCall

    init(_ answer: InsightAnswer, _ call: PageCall, _ setting: ReportSetting) {
        self.answer = answer
        self.call = call
        report = AnswerReport.make(answer.query, answer.result, setting)
    }

    var title: String { report.title }

    /// Everything, for the page of one insight.
    ///
    /// - Parameter csvBase: the address of a table as a file, to which its number is added; nil offers none.
    func value(csvBase: String?) -> PageValue {
        [
            "summary": .list(report.summary.map { .text($0) }),
            "figures": .list(report.charts.map { figure($0, width: 780) }),
            "tables": .list(
                report.tables.enumerated().compactMap { index, entry in
                    if entry.table.rows.isEmpty { return nil }
                    return table(entry.heading, entry.table, csv: csvBase.map { $0 + "&table=\(index)" })
                }),
            "notes": .list((report.notes + answer.explanation.notes).map { .text($0) }),
            "hasNotes": .flag(!(report.notes + answer.explanation.notes).isEmpty),
            "explanation": explanation,
        ]
    }

    /// For a tile: the first chart, or the first table.
    ///
    /// - Parameter columns: of twelve that the tile is wide, so that text in charts is as large as beside them.
    func tile(isTable: Bool, columns: Int) -> PageValue {
        var figures: [PageValue] = []
        var tables: [PageValue] = []
        if !isTable, let chart = report.charts.first {
            figures.append(figure(chart, width: Double(max(560, columns * 92))))
        } else if let first = report.tables.first {
            tables.append(table(first.heading, first.table, csv: nil))
        }
        return [
            "summary": .text(report.summary.first ?? ""), "figures": .list(figures), "tables": .list(tables),
            "time": .text(shortTime),
        ]
    }

    // MARK: Parts

    private func figure(_ chart: Report.Chart, width: Double) -> PageValue {
        [
            "title": .text(chart.title), "note": chart.subtitle.map { .text($0) } ?? false,
            "hasHead": true, "wide": .html(chart.embedded(width: width)), "narrow": .html(chart.embedded(width: 420)),
            "table": false, "links": false,
        ]
    }

    private func table(_ heading: String?, _ table: TextTable, csv: String?) -> PageValue {
        // Blocks that draw bars are for terminals.
        let shown = table.columns.indices.filter { column in
            !table.rows.contains { column < $0.count && $0[column].style == .bar }
        }
        var data = DataTable(
            heading ?? report.title,
            columns: shown.map { index in
                let column = table.columns[index]
                var shown = DataTable.Column(columnHeading(column.title), isNumber: column.alignment == .trailing)
                if column.title.isEmpty {
                    shown.title = call.text("insights.number")
                    shown.hidesTitle = true
                }
                return shown
            },
            rows: table.rows.map { row in
                shown.map { index in
                    let cell = index < row.count ? row[index] : .empty
                    return DataTable.Cell(cell.text, href: cell.link, style: style(cell.style))
                }
            })
        data.isCompact = true
        data.isTall = table.rows.count > 14
        return [
            "heading": heading.map { .text($0) } ?? false, "csv": csv.map { .text($0) } ?? false, "table": data.value,
        ]
    }

    /// Reports write heads as terminals show them, in small letters.
    private func columnHeading(_ title: String) -> String { title.prefix(1).uppercased() + title.dropFirst() }

    private func style(_ style: Report.Style) -> String? {
        switch style {
        case .plain, .bar: nil
        case .bold: "strong"
        case .dim: "dim"
        case .red: "loss"
        case .green: "gain"
        case .shade(let share): share > 0 ? "shade-\(min(10, max(1, Int((share * 10).rounded()))))" : nil
        }
    }

    private var shortTime: String {
        call.text(
            "insights.took",
            [
                "time": call.format.duration(seconds: answer.explanation.seconds),
                "rows": call.format.number(answer.explanation.scan.rowsScanned),
            ])
    }

    private var explanation: PageValue {
        let scan = answer.explanation.scan
        let format = call.format
        return [
            "short": .text(shortTime),
            "parts": .list(
                answer.explanation.parts.map { part in
                    [
                        "name": .text(call.text("insights.part." + part.name)),
                        "time": .text(format.duration(seconds: part.seconds)),
                    ]
                }),
            "facts": .list(
                [
                    ("rows", format.number(scan.rowsScanned)), ("persons", format.number(scan.personsVisited)),
                    ("bytes", NumberFormat.bytes(scan.bytesRead)), ("blocks", format.number(scan.blocks)),
                    ("skipped", format.number(scan.blocksSkipped)), ("threads", format.number(scan.threads)),
                ].map { ["name": .text(call.text("insights.scan." + $0.0)), "value": .text($0.1)] }),
            "query": .text(queryText),
        ]
    }

    /// The question as the API and the command line take it.
    private var queryText: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return (try? encoder.encode(answer.query)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// One of the tables as a file.
    static func csv(_ answer: InsightAnswer, table index: Int, _ setting: ReportSetting) -> [UInt8]? {
        let tables = AnswerReport.make(answer.query, answer.result, setting).tables
        guard tables.indices.contains(index) else { return nil }
        let plain = tables[index].table.plain
        // The mark lets spreadsheets read Korean.
        var bytes = Array("\u{FEFF}".utf8)
        CSV.append(plain.names, to: &bytes)
        for row in plain.rows { CSV.append(row, to: &bytes) }
        return bytes
    }
}
