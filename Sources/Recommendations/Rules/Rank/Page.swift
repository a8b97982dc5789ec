import Foundation

/// A page of rows: which rows, in which order, and which items in each.
package enum Page {
    /// A row that could be shown: `because you watched …`, `trending`, `continue`.
    package struct Row: Sendable, Hashable {
        package var id: String
        /// Best first.
        package var items: [String]
        /// What each item is worth, from 0 to 1, in the order of `items`: how likely it is to be taken, where known.
        package var values: [Double]
        /// What kind of row it is; rows of a kind that is on the page already count less.
        package var kind: String
        /// A row that must be on the page, above all others.
        package var isFixed: Bool

        package init(id: String, items: [String], values: [Double], kind: String, isFixed: Bool = false) {
            precondition(items.count == values.count, "a row of \(items.count) items has \(values.count) values")
            self.id = id
            self.items = items
            self.values = values
            self.kind = kind
            self.isFixed = isFixed
        }
    }

    package struct Shape: Sendable, Hashable {
        package var rows = 8
        package var itemsPerRow = 10
        /// A row with fewer new items is not shown.
        package var itemsMin = 3
        /// How much a row counts that is of the kind of a row above, and again for each further one.
        package var sameKind = 0.7
        /// How much a place further to the right is looked at.
        package var attention = 0.9

        package init() {}
    }

    /// Takes rows one after another, each the best given the rows above: an item that is on the page already counts for
    /// nothing and is not repeated, and kinds alternate (the greedy choice is within 1 - 1/e of the best page).
    ///
    /// - Complexity: O(shape.rows × rows × items)
    package static func build(_ rows: [Row], _ shape: Shape = Shape()) -> [Row] {
        var rest = rows
        var shown: Set<String> = []
        var kinds: [String: Int] = [:]
        var page: [Row] = []
        while page.count < shape.rows {
            var best: (place: Int, row: Row, value: Double)?
            for (place, row) in rest.enumerated() {
                let trimmed = trim(row, shown, shape)
                guard trimmed.items.count >= shape.itemsMin || (row.isFixed && !trimmed.items.isEmpty) else { continue }
                let repeated = pow(shape.sameKind, Double(kinds[row.kind] ?? 0))
                let value = worth(trimmed, shape) * repeated + (row.isFixed ? 1e6 : 0)
                if value > best?.value ?? -.infinity { best = (place, trimmed, value) }
            }
            guard let best else { break }
            rest.remove(at: best.place)
            shown.formUnion(best.row.items)
            kinds[best.row.kind, default: 0] += 1
            page.append(best.row)
        }
        return page
    }

    /// The row without what is on the page, cut to its width.
    private static func trim(_ row: Row, _ shown: Set<String>, _ shape: Shape) -> Row {
        var trimmed = row
        var own = shown
        let kept = row.items.indices.filter { own.insert(row.items[$0]).inserted }.prefix(shape.itemsPerRow)
        trimmed.items = kept.map { row.items[$0] }
        trimmed.values = kept.map { row.values[$0] }
        return trimmed
    }

    /// How likely anything of the row is taken, places to the right being looked at less.
    static func worth(_ row: Row, _ shape: Shape) -> Double {
        var nothing = 1.0
        for (place, value) in row.values.enumerated() {
            nothing *= 1 - min(1, max(0, value)) * pow(shape.attention, Double(place))
        }
        return 1 - nothing
    }
}
