import Analysis

/// How a model is trained and asked. Read strictly: a field that is misspelt is an error with its place.
package struct RecommendationSettings: Sendable, Hashable, Codable {
    /// The model's name; a workspace may have several.
    package var name = "default"
    package var interactions: [InteractionMapping]
    /// The property of those events that says where or in what segment a person is: `context.region`.
    package var group: String?
    /// Which models there are; each has its own weight in `blend`.
    package var models = ModelSettings()
    /// The weight of each model by its name; nil is learned on the validation's split.
    package var blend: [String: Double]?
    package var validation = ValidationSettings()
    /// For everything that is drawn at random.
    package var seed = 1
    /// The newest interactions of each person that are read.
    package var historyMax = 2_000
    /// The most interactions of everybody, of 20 bytes each.
    package var interactionsMax = 50_000_000
    package var ranking = RankingSettings()

    package init(interactions: [InteractionMapping]) { self.interactions = interactions }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a recommendation model",
            allowed: [
                "name", "interactions", "group", "models", "blend", "validation", "seed", "historyMax",
                "interactionsMax", "ranking",
            ])
        // Without them a workspace's own settings say which events are about items.
        interactions = try fields.list("interactions", counts: 0...100) ?? []
        name = try fields.text("name") ?? name
        guard ModelName.isValid(name) else {
            throw fields.error(
                .invalidValue, "name", "is '\(name)', but must be 1 to 64 letters (a to z), digits, '-' and '_'")
        }
        group = try fields.text("group")
        models = try fields.optional("models") ?? models
        blend = try fields.optional("blend")
        try checkBlend(fields)
        validation = try fields.optional("validation") ?? validation
        seed = try fields.integer("seed", in: 0...(1 << 53), default: seed)
        historyMax = try fields.integer("historyMax", in: 1...100_000, default: historyMax)
        interactionsMax = try fields.integer("interactionsMax", in: 1...1_000_000_000, default: interactionsMax)
        ranking = try fields.optional("ranking") ?? ranking
    }

    private func checkBlend(_ fields: Fields) throws {
        guard let blend else { return }
        for (name, weight) in blend.sorted(by: { $0.key < $1.key }) {
            guard models.names.contains(name) else {
                throw fields.error(
                    .invalidValue, "blend",
                    "gives a weight to '\(name)', but the models are \(models.names.joined(separator: ", "))")
            }
            guard weight.isFinite, weight >= 0 else {
                throw fields.error(.invalidValue, "blend", "gives '\(name)' the weight \(weight): it must be 0 or more")
            }
        }
        if !blend.values.contains(where: { $0 > 0 }) {
            throw fields.error(.invalidValue, "blend", "gives no model a weight above 0")
        }
    }
}

/// Names that are folders.
package enum ModelName {
    package static func isValid(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte == 45
                    || byte == 95
            }
    }
}

/// How good a model is: measured on what persons did last, which it was not shown.
package struct ValidationSettings: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The last share of what each person liked.
        case persons
        /// Everything after a moment: the last share of all interactions.
        case time
        /// None: a new version takes the old one's place unseen.
        case off
    }

    package var kind = Kind.persons
    package var share = 0.125
    /// From which strength on a person is said to have liked an item.
    package var relevantFrom = 0.0
    /// At most this many persons are asked for, chosen by the seed.
    package var personsMax = 2_000

    package init() {}

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a validation", allowed: ["kind", "share", "relevantFrom", "personsMax"])
        kind = try fields.choice("kind", default: kind)
        share = try fields.number("share", in: 0.001...0.5, default: share)
        relevantFrom = try fields.number("relevantFrom", in: 0...1e9, default: relevantFrom)
        personsMax = try fields.integer("personsMax", in: 1...1_000_000, default: personsMax)
    }
}
