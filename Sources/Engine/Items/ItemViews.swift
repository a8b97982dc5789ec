package import Catalog

/// Answers about items as JSON, which the API writes and commands read.
package struct ItemPageView: Encodable, Sendable {
    package var items: [StoredItem]
    package var total: Int
    /// For the next page.
    package var next: String?

    package init(_ page: ItemPage) {
        items = page.items
        total = page.total
        next = page.cursor
    }
}

package struct PriceHistoryView: Encodable, Sendable {
    /// The latest first.
    package var prices: [PricePoint]

    package init(_ prices: [PricePoint]) { self.prices = prices }
}

package struct CategoriesView: Encodable, Sendable {
    package struct Category: Encodable, Sendable {
        package var path: [String]
        package var items: Int
    }

    package var categories: [Category]

    package init(_ counts: [CategoryCount]) {
        categories = counts.map { Category(path: $0.path, items: $0.items) }
    }
}

package struct CatalogReportView: Codable, Sendable {
    package var created: Int
    package var updated: Int
    package var unchanged: Int
    package var deleted: Int
    package var rejected: Int
    package var rejections: [RejectedLine]

    package init(_ report: CatalogChangeReport) {
        created = report.created
        updated = report.updated
        unchanged = report.unchanged
        deleted = report.deleted
        rejected = report.rejected
        rejections = report.rejections.map { RejectedLine(line: $0.line, reason: $0.reason) }
    }
}
