import Catalog
import Recommendations

/// The catalogue of a workspace that is open, as recommendations see it: as it is now.
struct LiveCatalogItems: ItemSource {
    let catalog: CatalogService

    func forEachItem(_ body: (CandidateItem) throws -> Void) throws {
        try CatalogItems(snapshot: try catalog.snapshot()).forEachItem(body)
        // What was taken out is still in models.
        for id in try catalog.deletedIDs() { try body(CandidateItem(id: id, isAvailable: false)) }
    }

    func items(_ ids: [String]) throws -> [CandidateItem] {
        try CatalogItems(snapshot: try catalog.snapshot()).items(ids)
    }

    func version() throws -> Int64 { try catalog.version() }

    func find(_ text: String, limit: Int) throws -> [String] {
        var query = ItemQuery()
        query.text = String(text.prefix(ItemQuery.maxTextLength))
        query.limit = min(limit, ItemQuery.limits.upperBound)
        return try catalog.search(query).items.map(\.item.id)
    }

    func successor(of id: String) throws -> String? { try catalog.snapshot().successor(of: id)?.id }
}
