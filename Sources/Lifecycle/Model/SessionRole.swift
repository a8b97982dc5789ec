import Analysis

/// What an event means for somebody's session.
package enum SessionRole: String, Sendable, Hashable, Codable, CaseIterable {
    /// A page or a screen, the app opened, signed in: somebody is there.
    case visit
    /// A category or another list of items.
    case list
    case search
    /// An item.
    case view
    /// More about an item: a review, a picture, the terms of delivery.
    case detail
    case like
    /// Into the cart.
    case add
    /// Out of the cart.
    case remove
    /// The cart was looked at.
    case cart
    case checkout
    /// An address, a way to pay: a step between checkout and purchase.
    case payment
    case coupon
    case purchase
    /// A question asked, a chat opened, a page of help.
    case help

    /// Whether it is a look around rather than a step to a purchase.
    var isLooking: Bool { [.list, .search, .view, .detail].contains(self) }
    /// Whether it is a step of checking out, the cart included.
    var isCheckingOut: Bool { [.cart, .checkout, .coupon, .payment].contains(self) }
}

/// Which event has a role, and where it says what.
///
/// ```json
/// { "event": "Product Viewed", "role": "view", "item": "productId", "category": "subcategory", "price": "price" }
/// ```
package struct SessionRule: Sendable, Hashable, Codable {
    package var event: String
    package var role: SessionRole
    /// The properties that hold the item's id (or a list of ids), its category, its price, what was searched for, how
    /// much was found, and what a purchase was worth.
    package var item: String?
    package var category: String?
    package var price: String?
    package var query: String?
    package var results: String?
    package var value: String?

    package init(
        _ event: String, _ role: SessionRole, item: String? = nil, category: String? = nil, price: String? = nil,
        query: String? = nil, results: String? = nil, value: String? = nil
    ) {
        self.event = event
        self.role = role
        self.item = item
        self.category = category
        self.price = price
        self.query = query
        self.results = results
        self.value = value
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a rule of sessions",
            allowed: ["event", "role", "item", "category", "price", "query", "results", "value"])
        guard let event = try fields.text("event") else {
            throw fields.error(.missingField, "event", "must be given")
        }
        guard fields.has("role") else { throw fields.error(.missingField, "role", "must be given") }
        self.init(
            event, try fields.choice("role", default: .visit), item: try fields.text("item"),
            category: try fields.text("category"), price: try fields.text("price"), query: try fields.text("query"),
            results: try fields.text("results"), value: try fields.text("value"))
    }
}
