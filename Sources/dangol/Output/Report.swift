import Engine
import Reports

extension Report {
    /// Says how many lines of a file were left out, and why the first of them were.
    mutating func addLeftOut(_ count: Int, _ first: [RejectedLine]) {
        if count == 0 { return }
        summary = ["\(Plural.of(count, "line")) left out."]
        var table = TextTable([.number("line"), .text("reason")])
        for line in first { table.add([TextTable.Cell("\(line.line)"), TextTable.Cell(line.reason)]) }
        add(table)
    }

    /// The title and the answer in words.
    func brief(on terminal: Terminal) -> String {
        ([terminal.styled(title.printable, .bold)] + summary.map(\.printable)).joined(separator: "\n")
    }

    /// The lines for a terminal or a file of text.
    func text(on terminal: Terminal) -> String {
        var lines = [terminal.styled(title.printable, .bold)]
        lines += summary.map(\.printable)
        for (heading, table) in tables where !table.rows.isEmpty {
            lines.append("")
            if let heading { lines.append(terminal.styled(heading.printable, .bold)) }
            lines += table.lines(on: terminal)
        }
        if !notes.isEmpty {
            lines.append("")
            lines += notes.map { terminal.styled($0.printable, .dim) }
        }
        return lines.joined(separator: "\n")
    }
}
