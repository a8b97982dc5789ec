import Analysis

/// Items that a rule is about: some by id, and all of some categories and kinds.
package struct ItemSelector: Sendable, Hashable, Codable {
    package var items: Set<String>
    package var categories: Set<String>
    /// `product`, `episode`: what the catalogue calls a kind.
    package var kinds: Set<String>

    package init(items: Set<String> = [], categories: Set<String> = [], kinds: Set<String> = []) {
        self.items = items
        self.categories = categories
        self.kinds = kinds
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a selection of items", allowed: ["items", "categories", "kinds"])
        items = Set(try fields.list("items", of: String.self, counts: 0...100_000) ?? [])
        categories = Set(try fields.list("categories", of: String.self, counts: 0...10_000) ?? [])
        kinds = Set(try fields.list("kinds", of: String.self, counts: 0...1_000) ?? [])
    }

    private enum Name: String, CodingKey { case items, categories, kinds }

    /// In order, so that the same rule is written in the same way; what is empty is left out.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Name.self)
        if !items.isEmpty { try object.encode(items.sorted(), forKey: .items) }
        if !categories.isEmpty { try object.encode(categories.sorted(), forKey: .categories) }
        if !kinds.isEmpty { try object.encode(kinds.sorted(), forKey: .kinds) }
    }

    package var isEmpty: Bool { items.isEmpty && categories.isEmpty && kinds.isEmpty }

    package func matches(_ id: String, _ item: CandidateItem?) -> Bool {
        if items.contains(id) { return true }
        guard let item else { return false }
        return kinds.contains(item.kind) || (!categories.isEmpty && !categories.isDisjoint(with: item.categories))
    }
}

/// What happens between scores and a list. Scores are in deviations: 1 is clearly better than the average item.
package struct RankingSettings: Sendable, Hashable, Codable {
    /// Raises (or lowers) items by so many deviations.
    package struct Boost: Sendable, Hashable, Codable {
        package var of: ItemSelector
        package var by: Double

        package init(of: ItemSelector, by: Double) {
            self.of = of
            self.by = by
        }

        package init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "a boost", allowed: ["of", "by"])
            of = try fields.required("of")
            by = try fields.number("by", in: -100...100, default: 1)
        }
    }

    /// Puts an item at a place, counted from 1.
    package struct Pin: Sendable, Hashable, Codable {
        package var item: String
        package var place: Int

        package init(item: String, place: Int) {
            self.item = item
            self.place = place
        }

        package init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "a pin", allowed: ["item", "place"])
            item = try fields.required("item")
            place = try fields.integer("place", in: 1...1_000, default: 1)
        }
    }

    /// Nothing else is shown when it is not empty.
    package var allow = ItemSelector()
    package var block = ItemSelector()
    package var boosts: [Boost] = []
    package var pins: [Pin] = []
    /// The most items of one category in a list, by its narrowest level.
    package var perCategory: Int?
    /// After how many days what was bought or watched may come again, by category; `*` is every other. Without an
    /// entry: never.
    package var repeatAfterDays: [String: Double] = [:]
    /// From which strength on what a person did makes them know an item, so that it is not shown again before its time.
    /// Nil: whatever they did in lists of a model, and `placementKnownFrom` at placements: who has only looked at
    /// something may be shown it again.
    package var knownFrom: Double?
    /// How much variety counts beside fit: 0 none, 1 everything (maximal marginal relevance).
    package var diversity = 0.0
    /// How much a list keeps to the shares of the categories in the person's history: 0 none, 1 everything.
    package var calibration = 0.0
    /// What an item of this moment gains, in deviations; half with every `freshnessHalfLifeDays`.
    package var freshness = 0.0
    package var freshnessHalfLifeDays = 14.0
    /// What an item loses for each time that it was shown and ignored beyond the second, in deviations.
    package var fatigue = 0.0
    /// The share of places that are given to items by chance, each place with its propensity.
    package var exploration = 0.0

    /// `knownFrom` of a placement that does not say: as much as a like.
    package static let placementKnownFrom = 0.45

    package init() {}

    /// The rules that do something, by name.
    package var names: [String] {
        let rules: [(String, Bool)] = [
            ("allow", !allow.isEmpty), ("block", !block.isEmpty), ("boosts", !boosts.isEmpty), ("pins", !pins.isEmpty),
            ("perCategory", perCategory != nil), ("repeatAfterDays", !repeatAfterDays.isEmpty),
            ("diversity", diversity > 0), ("calibration", calibration > 0), ("freshness", freshness > 0),
            ("fatigue", fatigue > 0), ("exploration", exploration > 0),
        ]
        return rules.filter(\.1).map(\.0)
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a ranking",
            allowed: [
                "allow", "block", "boosts", "pins", "perCategory", "repeatAfterDays", "knownFrom", "diversity",
                "calibration",
                "freshness", "freshnessHalfLifeDays", "fatigue", "exploration",
            ])
        allow = try fields.optional("allow") ?? allow
        block = try fields.optional("block") ?? block
        boosts = try fields.list("boosts", counts: 0...1_000) ?? boosts
        pins = try fields.list("pins", counts: 0...100) ?? pins
        perCategory = fields.has("perCategory") ? try fields.integer("perCategory", in: 1...1_000, default: 1) : nil
        repeatAfterDays = try fields.optional("repeatAfterDays") ?? repeatAfterDays
        if let bad = repeatAfterDays.first(where: { !($0.value >= 0) || !$0.value.isFinite }) {
            throw fields.error(
                .invalidValue, "repeatAfterDays", "is \(bad.value) for '\(bad.key)', but must be 0 or more")
        }
        knownFrom = fields.has("knownFrom") ? try fields.number("knownFrom", in: 0...1_000, default: 0) : nil
        diversity = try fields.number("diversity", in: 0...1, default: diversity)
        calibration = try fields.number("calibration", in: 0...1, default: calibration)
        freshness = try fields.number("freshness", in: 0...100, default: freshness)
        freshnessHalfLifeDays = try fields.number("freshnessHalfLifeDays", above: 0, default: freshnessHalfLifeDays)
        fatigue = try fields.number("fatigue", in: 0...100, default: fatigue)
        exploration = try fields.number("exploration", in: 0...0.5, default: exploration)
    }
}
