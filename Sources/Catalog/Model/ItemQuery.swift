/// Which items a list shows, and in what order.
package struct ItemQuery: Sendable, Hashable {
    package enum Sort: String, Sendable, CaseIterable {
        case updated
        case created
        case name
        case price
    }

    package enum Availability: String, Sendable, CaseIterable {
        /// In stock, or never out of it.
        case inStock
        case soldOut
    }

    package static let limits = 1...1_000
    package static let maxTextLength = 200

    /// Part of a name, a description, an attribute, or the whole id. Korean parts of one syllable work.
    package var text: String?
    package var kind: String?
    /// A category and everything below it: `["스킨케어"]`.
    package var category: [String] = []
    package var parent: String?
    package var availability: Availability?
    package var showsDeleted = false
    package var sort = Sort.updated
    package var ascending = false
    package var limit = 50
    /// Where the page before ended.
    package var cursor: String?

    package init() {}
}

/// One page of a list.
package struct ItemPage: Sendable, Hashable {
    package var items: [StoredItem]
    /// Of the whole list.
    package var total: Int
    /// For the next page; nil on the last.
    package var cursor: String?
}

/// A category with how many items it holds, those below it included.
package struct CategoryCount: Sendable, Hashable {
    package var path: [String]
    package var items: Int
}

/// What a bulk change did.
package struct CatalogChangeReport: Sendable, Hashable {
    package struct Rejection: Sendable, Hashable {
        /// The line of a file or the index in a list, from 1.
        package var line: Int
        package var id: String?
        package var reason: String
    }

    package var created = 0
    package var updated = 0
    /// Came as they are already.
    package var unchanged = 0
    /// Not in a file that is the whole catalogue of their kind.
    package var deleted = 0
    package var rejected = 0
    /// The first 100 of them.
    package var rejections: [Rejection] = []

    package init() {}

    mutating func reject(line: Int, id: String?, _ reason: String) {
        rejected += 1
        if rejections.count < 100 { rejections.append(Rejection(line: line, id: id, reason: reason)) }
    }
}
