/// Rows and columns. Numbers stand at the right, a head stays in sight, and on a phone the table scrolls by itself.
package struct DataTable: PageComponent {
    package enum Order: String, Sendable { case ascending, descending }

    package struct Column: Sendable {
        package var title: String
        package var isNumber: Bool
        /// Where a click on the head leads: the same page in another order.
        package var href: String?
        package var order: Order?
        /// Only read out, such as above buttons.
        package var hidesTitle = false

        package init(_ title: String, isNumber: Bool = false, href: String? = nil, order: Order? = nil) {
            self.title = title
            self.isNumber = isNumber
            self.href = href
            self.order = order
        }

        package static func hidden(_ title: String) -> Column {
            var column = Column(title)
            column.hidesTitle = true
            return column
        }
    }

    package struct Cell: Sendable, ExpressibleByStringInterpolation {
        package var text: String
        package var href: String?
        /// A second line, smaller.
        package var note: String?
        /// The kind of a chip around the text: `good`, `warn`, `bad`, `info`, `accent`, or empty for a plain one.
        package var chip: String?
        /// Markup made by this program after the text, such as a form.
        package var html: String?
        package var style: String?

        package init(
            _ text: String, href: String? = nil, note: String? = nil, chip: String? = nil, html: String? = nil,
            style: String? = nil
        ) {
            self.text = text
            self.href = href
            self.note = note
            self.chip = chip
            self.html = html
            self.style = style
        }

        package init(stringLiteral value: String) { self.init(value) }
    }

    /// What the table is, read out and, unless hidden, shown above it.
    package var caption: String
    package var hidesCaption = true
    package var columns: [Column]
    /// The first cell of each row is its head.
    package var rows: [[Cell]]
    package var isCompact = false
    /// Scrolls within the page, with the head in sight.
    package var isTall = false

    package init(_ caption: String, columns: [Column], rows: [[Cell]]) {
        self.caption = caption
        self.columns = columns
        self.rows = rows
    }

    package var value: PageValue {
        [
            "caption": .text(caption), "hidesCaption": .flag(hidesCaption), "isCompact": .flag(isCompact),
            "isTall": .flag(isTall),
            "columns": .list(
                columns.map { column in
                    [
                        "title": .text(column.title), "isNumber": .flag(column.isNumber),
                        "href": PageValue(column.href),
                        "sorted": PageValue(column.order?.rawValue), "hidesTitle": .flag(column.hidesTitle),
                    ]
                }),
            "rows": .list(
                rows.map { row in ["cells": .list(row.enumerated().map { cell($0.element, at: $0.offset) })] }),
        ]
    }

    private func cell(_ cell: Cell, at index: Int) -> PageValue {
        let isNumber = index < columns.count && columns[index].isNumber
        let classes = [isNumber ? "num" : nil, cell.style].compactMap(\.self).joined(separator: " ")
        return .object([
            "tag": .text(index == 0 ? "th" : "td"), "scope": .flag(index == 0), "class": PageValue(classes),
            "text": .text(cell.text), "href": Self.orFalse(cell.href), "note": Self.orFalse(cell.note),
            "chip": cell.chip.map { .text($0) } ?? .flag(false), "html": cell.html.map { .html($0) } ?? "",
            "before": "",
        ])
    }

    /// A template looks for what is missing in what surrounds it; a flag says that there is none.
    private static func orFalse(_ text: String?) -> PageValue { text.map { .text($0) } ?? .flag(false) }
}
