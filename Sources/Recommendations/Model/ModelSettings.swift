import Analysis

/// The models and their settings; one that is nil is not trained.
package struct ModelSettings: Sendable, Hashable, Codable {
    /// Embarrassingly shallow autoencoder (Steck, 2019): a linear model from all that a person did to each item.
    package var ease: EaseSettings? = EaseSettings()
    /// Factors of persons and items (Hu, Koren and Volinsky, 2008).
    package var als: ALSSettings?
    /// Items that the same persons chose.
    package var neighbours: NeighbourSettings?
    /// What comes next: items that followed shortly after.
    package var sequence: SequenceSettings? = SequenceSettings()
    /// What is chosen these days, by group.
    package var trending: TrendingSettings? = TrendingSettings()
    package var popular: PopularSettings? = PopularSettings()
    /// What came into the catalogue lately.
    package var new: NewSettings?
    /// Items that are described alike.
    package var content: ContentSettings?

    /// In the order of the blend's weights.
    package static let allNames = [
        "ease", "als", "neighbours", "sequence", "content", "trending", "popular", "new",
    ]

    package init() {}

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "the models", allowed: Self.allNames)
        // Who lists models means these and no others.
        ease = try fields.optional("ease")
        als = try fields.optional("als")
        neighbours = try fields.optional("neighbours")
        sequence = try fields.optional("sequence")
        content = try fields.optional("content")
        trending = try fields.optional("trending")
        popular = try fields.optional("popular")
        new = try fields.optional("new")
        if names.isEmpty { throw fields.error(.missingField, "ease", "or another model must be given") }
    }

    /// The models that are trained.
    package var names: [String] {
        let present: [(String, Bool)] = [
            ("ease", ease != nil), ("als", als != nil), ("neighbours", neighbours != nil),
            ("sequence", sequence != nil), ("content", content != nil), ("trending", trending != nil),
            ("popular", popular != nil), ("new", new != nil),
        ]
        return present.filter(\.1).map(\.0)
    }
}

package struct EaseSettings: Sendable, Hashable, Codable {
    /// The larger, the fewer and weaker the links that chance makes.
    package var regularization = 300.0
    /// In a person's newer items, when asked; 0: all that a person did counts alike.
    package var halfLifeItems = 20.0
    /// The items that most persons have had to do with; training takes 4 × itemsMax² bytes.
    package var itemsMax = 5_000
    /// The strongest links of each item that are kept.
    package var keep = 1_000

    package init() {}

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "EASE", allowed: ["regularization", "halfLifeItems", "itemsMax", "keep"])
        regularization = try fields.number("regularization", above: 0, default: regularization)
        halfLifeItems = try fields.number("halfLifeItems", in: 0...1e9, default: halfLifeItems)
        itemsMax = try fields.integer("itemsMax", in: 2...30_000, default: itemsMax)
        keep = try fields.integer("keep", in: 1...30_000, default: keep)
    }
}

package struct ALSSettings: Sendable, Hashable, Codable {
    package var rank = 64
    package var regularization = 10.0
    /// How much more an interaction of strength 1 is trusted than its absence: alpha of the paper.
    package var confidence = 4.0
    package var rounds = 8
    package var halfLifeItems = 20.0

    package init() {}

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "ALS", allowed: ["rank", "regularization", "confidence", "rounds", "halfLifeItems"])
        rank = try fields.integer("rank", in: 1...1_024, default: rank)
        regularization = try fields.number("regularization", above: 0, default: regularization)
        confidence = try fields.number("confidence", above: 0, default: confidence)
        rounds = try fields.integer("rounds", in: 1...200, default: rounds)
        halfLifeItems = try fields.number("halfLifeItems", in: 0...1e9, default: halfLifeItems)
    }
}

package struct NeighbourSettings: Sendable, Hashable, Codable {
    package enum Similarity: String, Sendable, Hashable, Codable, CaseIterable { case cosine, bm25 }

    package var similarity = Similarity.cosine
    package var keep = 200
    package var halfLifeItems = 20.0

    package init() {}

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "neighbours", allowed: ["similarity", "keep", "halfLifeItems"])
        similarity = try fields.choice("similarity", default: similarity)
        keep = try fields.integer("keep", in: 1...30_000, default: keep)
        halfLifeItems = try fields.number("halfLifeItems", in: 0...1e9, default: halfLifeItems)
    }
}

package struct SequenceSettings: Sendable, Hashable, Codable {
    /// How many items later still counts as next.
    package var window = 20
    /// How much a step further counts less.
    package var decay = 0.9
    /// How much an item that is often next anyway is held back: 0 not at all, 1 in proportion.
    package var popularityExponent = 0.5
    package var halfLifeItems = 2.0
    package var keep = 500

    package init() {}

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a sequence model",
            allowed: ["window", "decay", "popularityExponent", "halfLifeItems", "keep"])
        window = try fields.integer("window", in: 1...1_000, default: window)
        decay = try fields.number("decay", in: 0...1, default: decay)
        popularityExponent = try fields.number("popularityExponent", in: 0...2, default: popularityExponent)
        halfLifeItems = try fields.number("halfLifeItems", in: 0...1e9, default: halfLifeItems)
        keep = try fields.integer("keep", in: 1...30_000, default: keep)
    }
}

package struct TrendingSettings: Sendable, Hashable, Codable {
    package var halfLifeDays = 7.0
    /// Interactions weaker than this do not count.
    package var relevantFrom = 0.0
    /// How many interactions of its own a group needs to be believed as much as everybody.
    package var groupPrior = 50.0

    package init() {}

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "trending", allowed: ["halfLifeDays", "relevantFrom", "groupPrior"])
        halfLifeDays = try fields.number("halfLifeDays", above: 0, default: halfLifeDays)
        relevantFrom = try fields.number("relevantFrom", in: 0...1e9, default: relevantFrom)
        groupPrior = try fields.number("groupPrior", above: 0, default: groupPrior)
    }
}

package struct PopularSettings: Sendable, Hashable, Codable {
    package init() {}

    package init(from decoder: any Decoder) throws { _ = try Fields(decoder, of: "popular", allowed: []) }

    package func encode(to encoder: any Encoder) throws { _ = encoder.container(keyedBy: FieldlessKey.self) }

    private enum FieldlessKey: CodingKey {}
}

package struct NewSettings: Sendable, Hashable, Codable {
    package var halfLifeDays = 30.0

    package init() {}

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "new items", allowed: ["halfLifeDays"])
        halfLifeDays = try fields.number("halfLifeDays", above: 0, default: halfLifeDays)
    }
}

package struct ContentSettings: Sendable, Hashable, Codable {
    package var keep = 50
    package var halfLifeItems = 10.0
    /// How much a word of the text counts beside an attribute or a category.
    package var textWeight = 0.5

    package init() {}

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "content", allowed: ["keep", "halfLifeItems", "textWeight"])
        keep = try fields.integer("keep", in: 1...10_000, default: keep)
        halfLifeItems = try fields.number("halfLifeItems", in: 0...1e9, default: halfLifeItems)
        textWeight = try fields.number("textWeight", in: 0...100, default: textWeight)
    }
}
