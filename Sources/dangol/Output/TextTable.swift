import Engine

/// A table for people: columns aligned by display width, no lines drawn.
struct TextTable: Sendable {
    struct Column: Sendable, Hashable {
        enum Alignment: Sendable { case leading, trailing }

        var title: String
        var alignment: Alignment

        static func text(_ title: String) -> Column { Column(title: title, alignment: .leading) }
        static func number(_ title: String) -> Column { Column(title: title, alignment: .trailing) }
    }

    struct Cell: Sendable, Hashable, ExpressibleByStringInterpolation {
        var text: String
        var style: Terminal.Style

        init(_ text: String, _ style: Terminal.Style = .plain) {
            self.text = text
            self.style = style
        }

        init(stringLiteral text: String) { self.init(text) }

        static let empty = Cell("")
    }

    var columns: [Column]
    var rows: [[Cell]] = []
    /// The same values for machines: unrounded, ungrouped. Nil repeats the text.
    var values: [[String]]?
    /// What machines call the columns; nil repeats the titles.
    var names: [String]?

    init(_ columns: [Column], rows: [[Cell]] = []) {
        self.columns = columns
        self.rows = rows
    }

    /// Adds a row of cells, and beside it the plain values that `--csv` prints.
    mutating func add(_ cells: [Cell], values plain: [String]? = nil) {
        if values == nil, plain != nil { values = rows.map { $0.map(\.text) } }
        rows.append(cells)
        values?.append(plain ?? cells.map(\.text))
    }
}

extension TextTable {
    /// The same table with other names for the columns of `--csv`.
    func named(csv names: [String]) -> TextTable {
        var table = self
        table.names = names
        return table
    }

    /// The lines of the table. Long cells of text are cut so that the table fits a terminal.
    func lines(on terminal: Terminal) -> [String] {
        let gap = "  "
        let shown = rows.map { $0.map { Cell($0.text.printable, $0.style) } }
        var widths = columns.map { $0.title.displayWidth }
        for row in shown {
            for (index, cell) in row.enumerated() where index < widths.count {
                widths[index] = max(widths[index], cell.text.displayWidth)
            }
        }
        if let width = terminal.width { shrink(&widths, to: width - gap.count * (columns.count - 1)) }

        func line(_ cells: [Cell]) -> String {
            var parts: [String] = []
            for (index, column) in columns.enumerated() {
                let cell = index < cells.count ? cells[index] : .empty
                let text = cell.text.truncated(to: widths[index])
                let padding = String(repeating: " ", count: widths[index] - text.displayWidth)
                let isLast = index == columns.count - 1
                switch column.alignment {
                // A shaded cell is shaded over its whole width.
                case .trailing: parts.append(terminal.styled(padding + text, cell.style))
                case .leading: parts.append(terminal.styled(text, cell.style) + (isLast ? "" : padding))
                }
            }
            var end = parts.joined(separator: gap)
            while end.hasSuffix(" ") { end.removeLast() }
            return end
        }
        let isNamed = columns.contains { !$0.title.isEmpty }
        return (isNamed ? [line(columns.map { Cell($0.title, .dim) })] : []) + shown.map(line)
    }

    /// Takes columns from the widest columns of text until everything fits, or until each has 12.
    private func shrink(_ widths: inout [Int], to available: Int) {
        var excess = widths.reduce(0, +) - available
        while excess > 0 {
            let candidates = columns.indices.filter { columns[$0].alignment == .leading && widths[$0] > 12 }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return }
            widths[widest] -= 1
            excess -= 1
        }
    }

    /// The table as comma-separated values, for machines.
    var csv: String { csv(withNames: true) }

    /// The same without the line of names, for a table that goes on.
    func csv(withNames: Bool) -> String {
        var bytes: [UInt8] = []
        if withNames { CSV.append(names ?? columns.map(\.title), to: &bytes) }
        for row in values ?? rows.map({ $0.map(\.text) }) { CSV.append(row, to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
