/// Everything that is needed to recommend, in memory. Immutable: a new training makes a new one.
package struct TrainedModel: Sendable {
    package var settings: RecommendationSettings
    /// Ids of items, sorted; everything else holds indices.
    package var items: [String]
    package var numbers: [String: Int]
    /// Names of groups; number 0 is unknown.
    package var groups: [String]
    /// The weight of each model in the blend.
    package var weights: [String: Double]
    package var ease: ItemLinks?
    package var neighbours: ItemLinks?
    package var sequence: ItemLinks?
    package var content: ItemLinks?
    package var als: ItemFactors?
    /// By group, then by item. The first group is everybody.
    package var trending: [[Float]]?
    package var popular: [Float]
    package var new: [Float]?
    /// Since when each item is there, as far as the training knew; milliseconds since 1970-01-01T00:00:00Z. Nil in
    /// models of before this was kept.
    package var knownSince: [Int64?]?
    /// What is offered by likeness because nobody has met it yet; never on disk.
    package var cold: ColdItems?
    /// The newest interaction that was learned from, in milliseconds since 1970-01-01T00:00:00Z.
    package var trainedThrough: Int64

    package init(settings: RecommendationSettings, items: [String], groups: [String], trainedThrough: Int64) {
        self.settings = settings
        self.items = items
        self.groups = groups
        self.trainedThrough = trainedThrough
        numbers = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1, $0) })
        weights = [:]
        popular = [Float](repeating: 0, count: items.count)
    }

    /// Since when an item is there: as the catalogue says, or else since the training met it, or else since it came
    /// into the catalogue. Milliseconds since 1970-01-01T00:00:00Z.
    package func since(_ item: Int, _ known: CandidateItem?) -> Int64? {
        let met = knownSince.flatMap { item < $0.count ? $0[item] : nil }
        return known?.since ?? met ?? known?.addedTime
    }

    /// A person's interactions in this model's items.
    package func history(_ interactions: Interactions, person: Int = 0) -> History {
        guard person < interactions.persons.count else { return History() }
        let rows = interactions.rows(of: person)
        var history = History(
            rows.lazy.map {
                (
                    item: self.numbers[interactions.items[Int(interactions.itemNumbers[$0])]],
                    strength: interactions.strengths[$0], time: interactions.times[$0]
                )
            })
        if let last = rows.last {
            let name = interactions.groupNames[Int(interactions.groups[last])]
            history.group = name.isEmpty ? 0 : groups.firstIndex(of: name) ?? 0
        }
        return history
    }
}
