import Engine
import EventLog
import Reports

/// A page with charts and tables that needs nothing beside itself: no script, no font, no network. It follows the
/// reader's choice of light or dark and prints on white.
enum HTMLPage {
    static func make(_ reports: [Report], now: Int64 = EventLog.systemTime()) -> String {
        let title = reports.count == 1 ? reports[0].title : "Dangol: \(reports.count) questions"
        var page = Markup()
        page.raw(
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="generator" content="dangol \(Dangol.version)">

            """)
        page.element("title", title)
        page.raw("<style>\n\(style)\n</style>\n</head>\n<body>\n<main>\n")
        if reports.count > 1 { contents(of: reports, title: title, &page) }
        for (index, report) in reports.enumerated() {
            section(report, number: index + 1, isOnly: reports.count == 1, &page)
        }
        page.raw("</main>\n<footer>")
        page.text("Made by Dangol \(Dangol.version) on \(Timestamp.short(now - now % 1000)) UTC.")
        page.raw("</footer>\n</body>\n</html>\n")
        return page.html
    }

    private static func contents(of reports: [Report], title: String, _ page: inout Markup) {
        page.element("h1", title)
        page.raw("<nav><ol>\n")
        for (index, report) in reports.enumerated() {
            page.raw("<li><a href=\"#q\(index + 1)\">")
            page.text(report.title)
            page.raw("</a></li>\n")
        }
        page.raw("</ol></nav>\n")
    }

    private static func section(_ report: Report, number: Int, isOnly: Bool, _ page: inout Markup) {
        page.raw("<section id=\"q\(number)\">\n")
        page.element(isOnly ? "h1" : "h2", report.title)
        for line in report.summary { page.element("p", line) }
        for chart in report.charts {
            // Charts are this program's own markup, in which every text is escaped already.
            page.raw("<figure>\n\(chart.svg)\n")
            // What stands above the chart need not stand below it again.
            if !report.summary.contains(chart.caption) { page.element("figcaption", chart.caption) }
            page.raw("</figure>\n")
        }
        for (heading, table) in report.tables where !table.rows.isEmpty {
            let folded = !report.charts.isEmpty && table.rows.count > 12
            if folded { page.raw("<details>") }
            if folded { page.element("summary", heading ?? "\(table.rows.count) rows") }
            if let heading, !folded { page.element("h3", heading) }
            self.table(table, &page)
            if folded { page.raw("</details>\n") }
        }
        for note in report.notes { page.element("p", note, attributes: " class=\"note\"") }
        page.raw("</section>\n")
    }

    private static func table(_ table: TextTable, _ page: inout Markup) {
        page.raw("<div class=\"scroll\"><table>\n<thead><tr>")
        // Bars are for terminals.
        let shown = table.columns.indices.filter { column in
            !table.rows.contains { column < $0.count && $0[column].style == .bar }
        }
        for index in shown { page.element("th", table.columns[index].title, attributes: classes(table.columns[index])) }
        page.raw("</tr></thead>\n<tbody>\n")
        for row in table.rows {
            page.raw("<tr>")
            for index in shown {
                let cell = index < row.count ? row[index] : .empty
                var attributes = classes(table.columns[index])
                if case .shade(let share) = cell.style, share > 0 {
                    let percent = Int((min(1, share) * 85).rounded())
                    attributes += " style=\"background:color-mix(in srgb, var(--accent) \(percent)%, transparent)\""
                }
                page.element("td", cell.text, attributes: attributes)
            }
            page.raw("</tr>\n")
        }
        page.raw("</tbody>\n</table></div>\n")
    }

    private static func classes(_ column: TextTable.Column) -> String {
        column.alignment == .trailing ? " class=\"number\"" : ""
    }

    private static let style = """
        :root { --ink: #1c2330; --soft: #5c6675; --line: #dfe3e8; --paper: #ffffff; --accent: #4f46e5;
          --dangol-surface: var(--paper); }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6e9ee; --soft: #9aa4b2; --line: #2c3440; --paper: #12161c; --accent: #8f88f6; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans KR", sans-serif; }
        main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem; }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; }
        h2 { font-size: 1.3rem; line-height: 1.25; margin: 0 0 .5rem; }
        h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
        p { margin: .25rem 0; }
        a { color: var(--accent); }
        nav ol { padding-left: 1.4rem; margin: .5rem 0 1rem; }
        section + section, nav + section { border-top: 1px solid var(--line); margin-top: 2.5rem; padding-top: 2rem; }
        figure { margin: 1.25rem 0; }
        figure svg { display: block; width: 100%; height: auto; }
        figcaption, .note, footer { color: var(--soft); font-size: .85rem; }
        .scroll { overflow-x: auto; margin: .75rem 0; }
        table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
        th { text-align: left; font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--line); }
        th, td { padding: .25rem .9rem .25rem 0; vertical-align: top; white-space: nowrap; }
        td { border-bottom: 1px solid color-mix(in srgb, var(--line) 50%, transparent); }
        .number { text-align: right; padding: .25rem .6rem; }
        summary { cursor: pointer; color: var(--soft); }
        footer { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem 2rem; }
        @media print {
          :root { --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --accent: #4f46e5; color-scheme: light; }
          main { max-width: none; padding: 0; }
          nav { display: none; }
          section { break-inside: avoid-page; }
          section + section { break-before: page; border: 0; margin: 0; padding: 0; }
          .scroll { overflow: visible; }
        }
        """
}

/// HTML text under construction; everything but `raw` is escaped.
private struct Markup {
    private(set) var html = ""

    mutating func raw(_ markup: String) { html += markup }

    mutating func text(_ text: String) {
        for character in text.printable {
            switch character {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            default: html.append(character)
            }
        }
    }

    mutating func element(_ name: String, _ content: String, attributes: String = "") {
        html += "<\(name)\(attributes)>"
        text(content)
        html += "</\(name)>"
        if name != "td", name != "th" { html += "\n" }
    }
}
