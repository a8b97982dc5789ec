import Foundation
import GRDB

/// The SQL of what policies have learned.
enum PolicyStore {
    /// - Returns: nil when there is nothing, or something that cannot be read: then everything is learned again.
    static func book(in db: Database) throws -> PolicyBook? {
        var pages: [String: PolicyBook.Page] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT placement, state FROM recommendation_policy") {
            let state: Data = row[1]
            guard let page = try? JSONDecoder().decode(PolicyBook.Page.self, from: state) else { return nil }
            pages[row[0]] = page
        }
        return pages.isEmpty ? nil : PolicyBook(pages: pages)
    }

    static func replace(_ book: PolicyBook, in db: Database) throws {
        try db.execute(sql: "DELETE FROM recommendation_policy")
        for (name, page) in book.pages {
            try db.execute(
                sql: "INSERT INTO recommendation_policy (placement, state) VALUES (?, ?)",
                arguments: [name, try JSONEncoder().encode(page)])
        }
    }
}
