package import EventLog

/// Something that a business offers: a title, an episode, a product, a service, a job. What it is called here is up to
/// the business; nothing in the program depends on a kind.
///
/// Events refer to items by a property that holds the id.
package struct Item: Sendable, Hashable {
    package var id: String
    /// `product`, `title`, `episode`, `service`, `job`, or any other word.
    package var kind: String
    package var name: String
    package var description: String?
    /// Paths from the widest category to the narrowest: `["스킨케어", "크림"]`.
    package var categories: [[String]]
    /// Typed, one value or a list: brand, genre, cast, mood, volume.
    package var attributes: [String: PropertyValue]
    package var price: Price?
    /// Pieces that can be sold; nil when it does not run out.
    package var stock: Int?
    /// Where and when it may be offered; empty: everywhere and always.
    package var windows: [AvailabilityWindow]
    /// Texts in other languages, by language tag (`en`, `pt-BR`).
    package var variants: [String: ItemVariant]
    /// What it is part of: the series of an episode, the product of a size.
    package var parent: String?
    /// Its place among the children of its parent.
    package var place: SequencePlace?
    package var artworks: [Artwork]
    package var url: String?
    package var image: String?

    package init(id: String, kind: String, name: String) {
        self.id = id
        self.kind = kind
        self.name = name
        categories = []
        attributes = [:]
        windows = []
        variants = [:]
        artworks = []
    }
}

/// What an item costs.
package struct Price: Sendable, Hashable, Encodable {
    /// In units of the currency: 32000 won, 9.99 dollars. From 0 to 10^15.
    package var amount: Double
    /// ISO 4217: `KRW`.
    package var currency: String
    /// Before a reduction; nil when it is not reduced.
    package var listAmount: Double?

    package init(amount: Double, currency: String, listAmount: Double? = nil) {
        self.amount = amount
        self.currency = currency
        self.listAmount = listAmount
    }
}

/// An item's name and texts in one language.
package struct ItemVariant: Sendable, Hashable, Encodable {
    package var name: String?
    package var description: String?
    package var image: String?

    package init(name: String? = nil, description: String? = nil, image: String? = nil) {
        self.name = name
        self.description = description
        self.image = image
    }
}

/// The second episode of the first season: `SequencePlace(season: 1, position: 2)`. Ordered as it is watched.
package struct SequencePlace: Sendable, Hashable, Comparable {
    package var season: Int
    package var position: Int

    package init(season: Int = 1, position: Int) {
        self.season = season
        self.position = position
    }

    package static func < (a: SequencePlace, b: SequencePlace) -> Bool {
        (a.season, a.position) < (b.season, b.position)
    }
}

/// One picture of an item. Which one a person sees is a decision: `tags` say what it emphasises.
package struct Artwork: Sendable, Hashable, Encodable {
    /// Unique within the item.
    package var id: String
    package var url: String
    /// What it shows and how strongly, from 0 to 1: `["couple": 1, "night": 0.4]`.
    package var tags: [String: Double]
    /// The language of its lettering; nil fits every one.
    package var locale: String?

    package init(id: String, url: String, tags: [String: Double] = [:], locale: String? = nil) {
        self.id = id
        self.url = url
        self.tags = tags
        self.locale = locale
    }
}

/// An item as it is stored.
package struct StoredItem: Sendable, Hashable {
    package var item: Item
    /// Milliseconds UTC, as the next two.
    package var createdTime: Int64
    package var updatedTime: Int64
    /// Nil while it is offered. A deleted item keeps its history and can be restored.
    package var deletedTime: Int64?
}

/// What an item cost from a time on.
package struct PricePoint: Sendable, Hashable {
    /// Milliseconds UTC.
    package var time: Int64
    /// Nil when it had no price.
    package var price: Price?
}
