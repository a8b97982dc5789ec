import EventLog
import Foundation
import GRDB
import State

/// Items as rows.
struct ItemRows {
    let db: Database
    let reader: JSONDocumentReader

    init(_ db: Database) throws {
        self.db = db
        reader = try JSONDocumentReader()
    }

    private static let columns = "document, created_time, updated_time, deleted_time"

    func item(_ id: String) throws -> (number: Int64, stored: StoredItem)? {
        let statement = try db.cachedStatement(
            sql: "SELECT \(Self.columns), number FROM catalog_item WHERE id = ?")
        guard let row = try SQLRow.fetchOne(statement, arguments: [id]) else { return nil }
        return (row[4], try stored(row))
    }

    func stored(_ row: SQLRow) throws -> StoredItem {
        StoredItem(
            item: try decode(row[0]), createdTime: row[1], updatedTime: row[2], deletedTime: row[3])
    }

    /// Every item that is not deleted.
    func everything() throws -> [StoredItem] {
        let rows = try SQLRow.fetchCursor(
            db, sql: "SELECT \(Self.columns) FROM catalog_item WHERE deleted_time IS NULL")
        var items: [StoredItem] = []
        while let row = try rows.next() { items.append(try stored(row)) }
        return items
    }

    /// Those that are not deleted.
    func items(ofKind kind: String) throws -> [(number: Int64, stored: StoredItem)] {
        let sql = "SELECT \(Self.columns), number FROM catalog_item WHERE kind = ? AND deleted_time IS NULL"
        return try SQLRow.fetchAll(db, sql: sql, arguments: [kind]).map { ($0[4], try stored($0)) }
    }

    private func decode(_ document: Data) throws -> Item {
        try document.withUnsafeBytes { bytes in
            try ItemDecoder.item(try reader.read(bytes, wrappingArrayAs: "items"))
        }
    }

    // MARK: Changing

    func insert(_ stored: StoredItem) throws {
        let item = stored.item
        try db.cachedStatement(
            sql: """
                INSERT INTO catalog_item
                    (id, kind, name, parent, price, stock, document, created_time, updated_time, deleted_time)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            item.id, item.kind, item.name, item.parent, item.price?.amount, item.stock, try item.json(),
            stored.createdTime, stored.updatedTime, stored.deletedTime,
        ])
        let number = db.lastInsertedRowID
        try addParts(item, number)
        if item.price != nil { try addPrice(item.price, number, stored.updatedTime) }
    }

    func update(_ number: Int64, from before: StoredItem, to stored: StoredItem) throws {
        let item = stored.item
        try db.cachedStatement(
            sql: """
                UPDATE catalog_item SET kind = ?, name = ?, parent = ?, price = ?, stock = ?, document = ?,
                    updated_time = ?, deleted_time = ? WHERE number = ?
                """
        ).execute(arguments: [
            item.kind, item.name, item.parent, item.price?.amount, item.stock, try item.json(), stored.updatedTime,
            stored.deletedTime, number,
        ])
        if before.item.categories != item.categories || Self.text(before.item) != Self.text(item) {
            try CatalogMigrations.texts.remove(number: number, in: db)
            try db.cachedStatement(sql: "DELETE FROM catalog_category WHERE item = ?").execute(arguments: [number])
            try addParts(item, number)
        }
        if before.item.price != item.price { try addPrice(item.price, number, stored.updatedTime) }
    }

    private func addParts(_ item: Item, _ number: Int64) throws {
        let insert = try db.cachedStatement(sql: "INSERT OR IGNORE INTO catalog_category (path, item) VALUES (?, ?)")
        for path in item.categories {
            for level in 1...path.count {
                try insert.execute(arguments: [Self.path(path.prefix(level)), number])
            }
        }
        try CatalogMigrations.texts.add(Self.text(item), number: number, in: db)
    }

    private func addPrice(_ price: Price?, _ number: Int64, _ time: Int64) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO catalog_price (item, time, amount, currency, list_amount) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (item, time) DO UPDATE
                SET amount = excluded.amount, currency = excluded.currency, list_amount = excluded.list_amount
                """
        ).execute(arguments: [number, time, price?.amount, price?.currency, price?.listAmount])
    }

    // MARK: Prices and versions

    func prices(of number: Int64, limit: Int) throws -> [PricePoint] {
        let sql = """
            SELECT time, amount, currency, list_amount FROM catalog_price WHERE item = ? ORDER BY time DESC LIMIT ?
            """
        return try SQLRow.fetchAll(db, sql: sql, arguments: [number, limit]).map { row in
            let amount: Double? = row[1]
            return PricePoint(
                time: row[0],
                price: amount.map { Price(amount: $0, currency: row[2] ?? "", listAmount: row[3]) })
        }
    }

    func version() throws -> Int64 { try Int64.fetchOne(db, sql: "SELECT version FROM catalog_version") ?? 0 }

    func count() throws -> Int {
        try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM catalog_item") ?? 0
    }

    func advance() throws { try db.execute(sql: "UPDATE catalog_version SET version = version + 1") }

    // MARK: Texts

    static func path(_ names: some Sequence<String>) -> String { names.joined(separator: ">") }

    /// What an item is found by. Descriptions count as far as a page of text.
    private static func text(_ item: Item) -> String {
        var lines = [item.id, item.name]
        if let description = item.description { lines.append(String(description.prefix(2_000))) }
        for variant in item.variants.values { if let name = variant.name { lines.append(name) } }
        lines += item.categories.flatMap(\.self)
        for value in item.attributes.values {
            switch value {
            case .string(let text): lines.append(String(text.prefix(300)))
            case .strings(let list): lines += list.prefix(50).map { String($0.prefix(300)) }
            default: break
            }
        }
        return Set(lines.map(TextIndex.folded)).sorted().joined(separator: "\n")
    }
}
