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
