import Reports

extension Report {
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
