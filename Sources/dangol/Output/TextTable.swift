import Engine
import Reports

/// Tables in a terminal: columns aligned by display width, no lines drawn.
extension TextTable {
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
        let plain = plain
        if withNames { CSV.append(plain.names, to: &bytes) }
        for row in plain.rows { CSV.append(row, to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
