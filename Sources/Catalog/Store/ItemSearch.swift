import Foundation
import GRDB
import State

/// Finds items: a query as SQL.
struct ItemSearch {
    private let query: ItemQuery
    private var conditions: [String] = []
    private var arguments: [(any DatabaseValueConvertible)?] = []

    /// - Throws: `CatalogError` with `invalid`.
    init(_ query: ItemQuery) throws {
        guard ItemQuery.limits.contains(query.limit) else {
            throw CatalogError(
                .invalid, "a page has from 1 to \(ItemQuery.limits.upperBound) items, not \(query.limit)",
                field: "limit")
        }
        self.query = query
        if !query.showsDeleted { conditions.append("i.deleted_time IS NULL") }
        if let kind = query.kind { add("i.kind = ?", [kind]) }
        switch query.availability {
        case .inStock: conditions.append("(i.stock IS NULL OR i.stock > 0)")
        case .soldOut: conditions.append("i.stock <= 0")
        case nil: break
        }
        if let parent = query.parent { add("i.parent = ?", [parent]) }
        if !query.category.isEmpty {
            let path = ItemRows.path(query.category)
            add("i.number IN (SELECT item FROM catalog_category WHERE path = ?)", [path])
        }
        let text = (query.text ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        if !text.isEmpty {
            guard text.count <= ItemQuery.maxTextLength else {
                throw CatalogError(
                    .invalid, "is longer than \(ItemQuery.maxTextLength) characters", field: "text")
            }
            let found = CatalogMigrations.texts.condition("i.number", contains: text)
            add("(i.id = ? OR \(found.sql))", [text] + found.arguments)
        }
    }

    private mutating func add(_ sql: String, _ values: [(any DatabaseValueConvertible)?]) {
        conditions.append(sql)
        arguments += values
    }

    private var column: String {
        switch query.sort {
        case .updated: "i.updated_time"
        case .created: "i.created_time"
        case .name: "i.name"
        case .price: "COALESCE(i.price, 0)"
        }
    }

    func page(_ rows: ItemRows) throws -> ItemPage {
        let total =
            try Int.fetchOne(
                rows.db, sql: "SELECT COUNT(*) FROM catalog_item i \(filter([]))",
                arguments: StatementArguments(arguments)) ?? 0
        var (page, values) = ([String](), arguments)
        if let cursor = query.cursor {
            let (value, number) = try read(cursor)
            page = ["(\(column), i.number) \(query.ascending ? ">" : "<") (?, ?)"]
            values += [value, number]
        }
        let direction = query.ascending ? "ASC" : "DESC"
        let sql = """
            SELECT i.document, i.created_time, i.updated_time, i.deleted_time, i.number, \(column)
            FROM catalog_item i \(filter(page)) ORDER BY \(column) \(direction), i.number \(direction) LIMIT ?
            """
        let found = try SQLRow.fetchAll(
            rows.db, sql: sql, arguments: StatementArguments(values + [query.limit + 1]))
        let items = try found.prefix(query.limit).map { try rows.stored($0) }
        let last = found.count > query.limit ? found.prefix(query.limit).last : nil
        return ItemPage(items: items, total: total, cursor: last.map(cursor))
    }

    private func filter(_ more: [String]) -> String {
        let all = conditions + more
        return all.isEmpty ? "" : "WHERE " + all.joined(separator: " AND ")
    }

    // MARK: Cursors

    /// The sort, the direction, the last item's number and its value.
    private func cursor(_ row: SQLRow) -> String {
        let number: Int64 = row[4]
        let value = query.sort == .name ? (row[5] as String) : String(row[5] as Double)
        return Data("\(query.sort.rawValue)\n\(query.ascending)\n\(number)\n\(value)".utf8).base64EncodedString()
    }

    private func read(_ cursor: String) throws -> (any DatabaseValueConvertible, Int64) {
        let parts = Data(base64Encoded: cursor).flatMap { String(data: $0, encoding: .utf8) }?
            .split(separator: "\n", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard let parts, parts.count == 4, parts[0] == query.sort.rawValue, parts[1] == "\(query.ascending)",
            let number = Int64(parts[2])
        else { throw ItemSearch.badCursor }
        if query.sort == .name { return (parts[3], number) }
        guard let value = Double(parts[3]) else { throw ItemSearch.badCursor }
        return (value, number)
    }

    private static let badCursor = CatalogError(
        .badCursor, "is not of this list; leave it out to begin with the first page", field: "cursor")
}
