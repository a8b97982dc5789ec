/// An answer before it is known in which form it will be given.
struct Report: Sendable {
    /// One chart: a self-contained `<svg>` element.
    struct Chart: Sendable {
        var svg: String
        /// What it shows, for people who cannot see it.
        var caption: String
    }

    var title: String
    /// A line or two that say the answer in words.
    var summary: [String] = []
    var charts: [Chart] = []
    /// The first is the main one, which `--csv` prints.
    var tables: [(heading: String?, table: TextTable)] = []
    /// Fine print, dim below the tables.
    var notes: [String] = []

    init(_ title: String) {
        self.title = title
    }

    mutating func add(_ table: TextTable, heading: String? = nil) {
        tables.append((heading, table))
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
