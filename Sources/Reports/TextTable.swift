/// A table for people, and beside it the same values for machines.
package struct TextTable: Sendable {
    package struct Column: Sendable, Hashable {
        package enum Alignment: Sendable { case leading, trailing }

        package var title: String
        package var alignment: Alignment

        package init(title: String, alignment: Alignment) {
            self.title = title
            self.alignment = alignment
        }

        package static func text(_ title: String) -> Column { Column(title: title, alignment: .leading) }
        package static func number(_ title: String) -> Column { Column(title: title, alignment: .trailing) }
    }

    package struct Cell: Sendable, Hashable, ExpressibleByStringInterpolation {
        package var text: String
        package var style: Report.Style
        /// Where the number leads on a page: the people behind it.
        package var link: String?

        package init(_ text: String, _ style: Report.Style = .plain, link: String? = nil) {
            self.text = text
            self.style = style
            self.link = link
        }

        package init(stringLiteral text: String) { self.init(text) }

        package static let empty = Cell("")
    }

    package var columns: [Column]
    package var rows: [[Cell]] = []
    /// The same values for machines: unrounded, ungrouped. Nil repeats the text.
    package var values: [[String]]?
    /// What machines call the columns; nil repeats the titles.
    package var names: [String]?

    package init(_ columns: [Column], rows: [[Cell]] = []) {
        self.columns = columns
        self.rows = rows
    }

    /// Adds a row of cells, and beside it the plain values for machines.
    package mutating func add(_ cells: [Cell], values plain: [String]? = nil) {
        if values == nil, plain != nil { values = rows.map { $0.map(\.text) } }
        rows.append(cells)
        values?.append(plain ?? cells.map(\.text))
    }

    /// The same table with other names for the columns that machines read.
    package func named(csv names: [String]) -> TextTable {
        var table = self
        table.names = names
        return table
    }

    /// The names and the values for machines.
    package var plain: (names: [String], rows: [[String]]) {
        (names ?? columns.map(\.title), values ?? rows.map { $0.map(\.text) })
    }
}
