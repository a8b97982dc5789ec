import Analysis

/// Which events tell what is looked for, looked at and bought, and by which properties.
///
/// ```yaml
/// searched: Product Searched
/// term: query
/// results: resultCount
/// viewed: Product Viewed
/// item: productId
/// category: [category, subcategory]
/// categoryViewed: Category Viewed
/// bought: Order Completed
/// boughtItem: products.productId
/// boughtQuantity: products.quantity
/// ```
package struct ShoppingMapping: Sendable, Hashable, Codable {
    package var searched: String?
    /// What was typed.
    package var term: String
    /// How many results it had.
    package var results: String?
    package var viewed: String?
    package var item: String
    /// Of what was viewed, from the widest level to the narrowest. Items of the catalogue have their own.
    package var category: [String]
    package var categoryViewed: String?
    package var added: String?
    package var bought: String?
    package var boughtItem: String
    /// Beside `boughtItem`: how many of each.
    package var boughtQuantity: String?

    package init(
        searched: String? = nil, term: String = "query", results: String? = nil, viewed: String? = nil,
        item: String = "product_id", category: [String] = [], categoryViewed: String? = nil, added: String? = nil,
        bought: String? = nil, boughtItem: String = "product_id", boughtQuantity: String? = nil
    ) {
        self.searched = searched
        self.term = term
        self.results = results
        self.viewed = viewed
        self.item = item
        self.category = category
        self.categoryViewed = categoryViewed
        self.added = added
        self.bought = bought
        self.boughtItem = boughtItem
        self.boughtQuantity = boughtQuantity
    }

    /// - Throws: `QueryError` naming the field.
    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a mapping of shopping",
            allowed: [
                "searched", "term", "results", "viewed", "item", "category", "categoryViewed", "added", "bought",
                "boughtItem", "boughtQuantity",
            ])
        self.init(
            searched: try fields.text("searched"), term: try fields.text("term") ?? "query",
            results: try fields.text("results"), viewed: try fields.text("viewed"),
            item: try fields.text("item") ?? "product_id", category: try fields.list("category", counts: 0...5) ?? [],
            categoryViewed: try fields.text("categoryViewed"), added: try fields.text("added"),
            bought: try fields.text("bought"), boughtItem: try fields.text("boughtItem") ?? "product_id",
            boughtQuantity: try fields.text("boughtQuantity"))
        if searched == nil, bought == nil {
            throw fields.error(.missingField, "searched", "or 'bought' must be given: which event tells it")
        }
    }
}
