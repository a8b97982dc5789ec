import Foundation
import GRDB
package import State
import Synchronization

/// The items of one workspace.
///
/// ```swift
/// let report = try await catalog.change(items)
/// let page = try catalog.search(query)
/// let item = try catalog.snapshot()["sku-1"]
/// ```
package final class CatalogService: Sendable {
    let state: StateDatabase
    /// Milliseconds UTC.
    let now: @Sendable () -> Int64
    private let cached = Mutex<CatalogSnapshot?>(nil)

    package init(state: StateDatabase, now: @escaping @Sendable () -> Int64) {
        self.state = state
        self.now = now
    }

    /// Whether a database has the tables of a catalogue.
    package static func exists(in state: StateDatabase) throws -> Bool {
        try state.read { try $0.tableExists("catalog_item") }
    }

    // MARK: Asking

    /// - Throws: `CatalogError` with `notFound`.
    package func item(_ id: String) throws -> StoredItem {
        guard let found = try state.read({ try ItemRows($0).item(Self.normal(id)) }) else { throw Self.missing(id) }
        return found.stored
    }

    package func search(_ query: ItemQuery) throws -> ItemPage {
        let search = try ItemSearch(query)
        return try state.read { try search.page(try ItemRows($0)) }
    }

    /// The latest first. - Throws: `CatalogError` with `notFound`.
    package func prices(of id: String, limit: Int = 1_000) throws -> [PricePoint] {
        try state.read { db in
            let rows = try ItemRows(db)
            guard let found = try rows.item(Self.normal(id)) else { throw Self.missing(id) }
            return try rows.prices(of: found.number, limit: limit)
        }
    }

    /// Every category that holds an item, in order of its path.
    package func categories() throws -> [CategoryCount] {
        try state.read { db in
            let sql = """
                SELECT c.path, COUNT(*) FROM catalog_category c JOIN catalog_item i ON i.number = c.item
                WHERE i.deleted_time IS NULL GROUP BY c.path ORDER BY c.path
                """
            return try SQLRow.fetchAll(db, sql: sql).map { row in
                CategoryCount(path: (row[0] as String).split(separator: ">").map(String.init), items: row[1])
            }
        }
    }

    /// The kinds of items that are not deleted, the most frequent first.
    package func kinds() throws -> [String] {
        try state.read { db in
            let sql = """
                SELECT kind FROM catalog_item WHERE deleted_time IS NULL GROUP BY kind ORDER BY COUNT(*) DESC, kind
                """
            return try String.fetchAll(db, sql: sql)
        }
    }

    /// Every item that is not deleted, kept in memory until the catalogue changes.
    ///
    /// - Complexity: O(1), or O(items) after a change
    package func snapshot() throws -> CatalogSnapshot {
        try state.read { db in
            let rows = try ItemRows(db)
            let version = try rows.version()
            if let known = cached.withLock({ $0 }), known.version == version { return known }
            let fresh = CatalogSnapshot(try rows.everything(), version: version)
            cached.withLock { if ($0?.version ?? -1) < version { $0 = fresh } }
            return fresh
        }
    }

    static func missing(_ id: String) -> CatalogError {
        CatalogError(.notFound, "there is no item '\(id.prefix(100))'", field: "id")
    }

    static func normal(_ id: String) -> String { id.precomposedStringWithCanonicalMapping }
}

extension CatalogService {
    /// Rises with every change of the catalogue.
    ///
    /// - Complexity: O(1)
    package func version() throws -> Int64 { try state.read { try ItemRows($0).version() } }

    /// The ids of items that are deleted.
    package func deletedIDs() throws -> [String] {
        try state.read { db in
            try String.fetchAll(db, sql: "SELECT id FROM catalog_item WHERE deleted_time IS NOT NULL")
        }
    }
}
