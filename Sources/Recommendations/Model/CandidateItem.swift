/// What a catalogue says of an item, as far as recommendations are concerned.
package struct CandidateItem: Sendable, Hashable {
    package var id: String
    /// `product`, `episode`: what the catalogue calls it; empty when it does not say.
    package var kind: String
    /// What people see, for reasons: "because you watched …".
    package var title: String?
    /// Description and the like, for similarity by text.
    package var text: String
    /// `genre`: [`comedy`, `drama`]. Numbers and switches as text.
    package var attributes: [String: [String]]
    /// From the widest level to the narrowest, each a path: [`home`, `home/cleaning`].
    package var categories: [String]
    /// False: sold out, withdrawn, deleted.
    package var isAvailable: Bool
    /// When it may be offered, in milliseconds since 1970-01-01T00:00:00Z; none is always.
    package var rights: [Range<Int64>]
    /// Where it may be offered; none is everywhere.
    package var regions: Set<String>
    /// When it became available, where the catalogue says so.
    package var since: Int64?
    /// When it came into the catalogue: how old it is at most where `since` says nothing.
    package var addedTime: Int64?
    /// In the order of the catalogue; which one is shown may be decided for each person.
    package var artworks: [CandidateArtwork] = []
    package var image: String?
    package var url: String?
    /// What people call it in other languages, by language tag.
    package var titles: [String: String] = [:]
    /// The title that an episode belongs to.
    package var parent: String?
    /// Where the episode is in it: the season, and the place within the season from 1.
    package var season: Int?
    package var position: Int?

    package init(
        id: String, kind: String = "", title: String? = nil, text: String = "", attributes: [String: [String]] = [:],
        categories: [String] = [], isAvailable: Bool = true, rights: [Range<Int64>] = [], regions: Set<String> = [],
        since: Int64? = nil
    ) {
        self.id = id
        self.kind = kind
        self.title = title
        self.text = text
        self.attributes = attributes
        self.categories = categories
        self.isAvailable = isAvailable
        self.rights = rights
        self.regions = regions
        self.since = since
    }

    /// Whether it may be offered at a time in a place.
    package func mayBeOffered(at time: Int64, in region: String?) -> Bool {
        isAvailable && (rights.isEmpty || rights.contains { $0.contains(time) })
            && (regions.isEmpty || region.map(regions.contains) ?? true)
    }
}

/// One picture of an item.
package struct CandidateArtwork: Sendable, Hashable {
    /// Unique within the item.
    package var id: String
    package var url: String
    /// What it shows and how strongly, from 0 to 1.
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
