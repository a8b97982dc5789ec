import Analysis

/// Items that a rule is about: some by id, and all of some categories.
package struct ItemSelector: Sendable, Hashable, Codable {
    package var items: Set<String>
    package var categories: Set<String>

    package init(items: Set<String> = [], categories: Set<String> = []) {
        self.items = items
        self.categories = categories
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a selection of items", allowed: ["items", "categories"])
        items = Set(try fields.list("items", of: String.self, counts: 0...100_000) ?? [])
        categories = Set(try fields.list("categories", of: String.self, counts: 0...10_000) ?? [])
    }

    package var isEmpty: Bool { items.isEmpty && categories.isEmpty }

    package func matches(_ id: String, _ item: CandidateItem?) -> Bool {
        items.contains(id) || (item.map { !categories.isDisjoint(with: $0.categories) } ?? false)
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

    package init() {}

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a ranking",
            allowed: [
                "allow", "block", "boosts", "pins", "perCategory", "repeatAfterDays", "diversity", "calibration",
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
        diversity = try fields.number("diversity", in: 0...1, default: diversity)
        calibration = try fields.number("calibration", in: 0...1, default: calibration)
        freshness = try fields.number("freshness", in: 0...100, default: freshness)
        freshnessHalfLifeDays = try fields.number("freshnessHalfLifeDays", above: 0, default: freshnessHalfLifeDays)
        fatigue = try fields.number("fatigue", in: 0...100, default: fatigue)
        exploration = try fields.number("exploration", in: 0...0.5, default: exploration)
    }
}
