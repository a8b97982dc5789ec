/// A heat map of shares: one row for each cohort, one column for each period after it began. What has not happened yet
/// is nil and stays blank.
package struct CohortTable: Chart, Hashable {
    package struct Row: Sendable, Hashable {
        package var name: String
        package var size: Int
        /// People who came back, by period.
        package var counts: [Int?]
        /// Where each cell leads; shorter than `counts` where cells lead nowhere.
        package var links: [String?]

        package init(_ name: String, size: Int, counts: [Int?], links: [String?] = []) {
            self.name = name
            self.size = size
            self.counts = counts
            self.links = links
        }
    }

    package var heading: ChartHeading
    package var rows: [Row]
    /// What a column is called: "Week" gives Week 0, Week 1 and so on.
    package var period: String
    package var language: ChartLanguage = .english
    package var width = 720.0

    package init(_ heading: ChartHeading, rows: [Row], period: String) {
        self.heading = heading
        self.rows = rows
        self.period = period
    }

    private static let rowHeight = 30.0
    private var columns: Int { rows.map(\.counts.count).max() ?? 0 }

    package func svg() -> String {
        let names = rows.map { TextMeasure.width($0.name, size: 12) } + [TextMeasure.width(language.average, size: 12)]
        let nameRoom = min(max(names.max() ?? 0, 50), 170) + 14
        let sizes = rows.map { TextMeasure.width(NumberFormat.number.exact(Double($0.size)), size: 12) }
        let sizeRoom = max(sizes.max() ?? 0, TextMeasure.width(language.people, size: 11)) + 16
        let left = ChartFrame.padding + nameRoom + sizeRoom
        // Cells keep room for "100%"; wide tables grow.
        let cell = max((width - left - ChartFrame.padding) / Double(max(columns, 1)), 40)
        let total = max(width, left + cell * Double(columns) + ChartFrame.padding)
        var frame = ChartFrame(heading: heading, width: total, height: 0, description: description)
        let top = frame.contentTop + 18
        frame.height = top + Self.rowHeight * Double(rows.count + 1) + ChartFrame.padding
        if rows.isEmpty || columns == 0 {
            frame.height = 160
            return frame.svg { frame.empty(&$0, language) }
        }
        return frame.svg { writer in
            writer.label(language.cohort, x: ChartFrame.padding, y: top - 8)
            writer.label(language.people, x: left - 12, y: top - 8, anchor: .end)
            let header = TextMeasure.width("\(period) \(columns - 1)", size: 11) <= cell - 4
            for column in 0..<columns {
                writer.label(
                    header ? "\(period) \(column)" : "\(column)", x: left + cell * (Double(column) + 0.5), y: top - 8,
                    anchor: .middle)
            }
            for (index, row) in rows.enumerated() {
                draw(&writer, row, top + Double(index) * Self.rowHeight, nameRoom, left, cell)
            }
            drawAverage(&writer, top + Double(rows.count) * Self.rowHeight, left, cell)
        }
    }

    private func draw(
        _ writer: inout SVGWriter, _ row: Row, _ y: Double, _ nameRoom: Double, _ left: Double, _ cell: Double
    ) {
        let middle = y + Self.rowHeight / 2 + 4
        writer.label(
            TextMeasure.fit(row.name, into: nameRoom - 10, size: 12), x: ChartFrame.padding, y: middle, .ink, size: 12)
        writer.label(
            NumberFormat.number.exact(Double(row.size)), x: left - 12, y: middle, .muted, size: 12, anchor: .end)
        for (column, count) in row.counts.enumerated() {
            guard let count else { continue }
            let people = NumberFormat.number.exact(Double(count))
            let size = NumberFormat.number.exact(Double(row.size))
            let share = row.size > 0 ? min(max(Double(count) / Double(row.size), 0), 1) : nil
            drawCell(
                &writer, share, left + cell * Double(column), y, cell,
                title:
                    "\(row.name), \(period) \(column): \(people) / \(size) (\(share.map { NumberFormat.percent.exact($0) } ?? "–"))",
                link: column < row.links.count ? row.links[column] : nil)
        }
    }

    private func drawCell(
        _ writer: inout SVGWriter, _ share: Double?, _ x: Double, _ y: Double, _ cell: Double, title: String,
        link: String?
    ) {
        let opacity = Self.opacity(share ?? 0)
        writer.element(
            "rect",
            [
                .x(x + 1), .y(y + 1), .width(cell - 2), .height(Self.rowHeight - 2), .number("rx", 4),
                .fill(.series(0)),
                .opacity(opacity),
            ], title: title, link: link)
        let text =
            share.map { share in
                let long = NumberFormat.percent.exact(share)
                return TextMeasure.width(long, size: 11) <= cell - 8
                    ? long : NumberFormat.grouped(share * 100, decimals: 0) + "%"
            } ?? "–"
        // Clicks and tooltips belong to the cell.
        writer.open("g", [.text("pointer-events", "none")])
        writer.label(
            text, x: x + cell / 2, y: y + Self.rowHeight / 2 + 4, Paint.series(0).text(atOpacity: opacity),
            anchor: .middle)
        writer.close()
    }

    /// The power of 3/4 spreads the small shares, in which most retention lives. In steps of 1 %, so that `Paint.text`
    /// decides for what is drawn.
    static func opacity(_ share: Double) -> Double {
        let spread = (share * share.squareRoot()).squareRoot()
        return ((0.05 + 0.93 * spread) * 100).rounded() / 100
    }

    /// Weighted by the cohorts that have reached the period.
    private func drawAverage(_ writer: inout SVGWriter, _ y: Double, _ left: Double, _ cell: Double) {
        let middle = y + Self.rowHeight / 2 + 4
        writer.label(language.average, x: ChartFrame.padding, y: middle, .ink, size: 12, bold: true)
        let people = rows.reduce(0.0) { $0 + Double($1.size) }
        writer.label(NumberFormat.number.exact(people), x: left - 12, y: middle, .muted, size: 12, anchor: .end)
        for column in 0..<columns {
            let reached = rows.filter { column < $0.counts.count && $0.counts[column] != nil }
            let size = reached.reduce(0.0) { $0 + Double($1.size) }
            if size == 0 { continue }
            let back = reached.reduce(0.0) { $0 + Double($1.counts[column] ?? 0) }
            let text = TextMeasure.fit(NumberFormat.percent.exact(back / size), into: cell - 4, size: 11)
            writer.label(text, x: left + cell * (Double(column) + 0.5), y: middle, .ink, bold: true, anchor: .middle)
        }
    }

    private var description: String {
        if rows.isEmpty { return language.noData }
        return rows.prefix(24).map { row in
            let cells = row.counts.compactMap { count in
                count.map { row.size > 0 ? NumberFormat.percent.exact(Double($0) / Double(row.size)) : "–" }
            }
            return "\(row.name) (\(NumberFormat.number.exact(Double(row.size)))): \(cells.joined(separator: ", "))"
        }.joined(separator: "; ")
    }
}
