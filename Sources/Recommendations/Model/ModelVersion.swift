/// What is known of one training: `version.json` beside the model.
package struct ModelVersion: Sendable, Hashable, Codable {
    package var number: Int
    /// In milliseconds since 1970-01-01T00:00:00Z, as all times here.
    package var createdAt: Int64
    /// The newest interaction that it learned from.
    package var trainedThrough: Int64
    package var persons: Int
    package var items: Int
    package var interactions: Int
    /// How well it foresees what it was not shown; nil when nothing was held back.
    package var metrics: OfflineMetrics?
    /// The weights of the blend, given or learned.
    package var weights: [String: Double]
    /// Seconds for the models themselves, on everything.
    package var fitSeconds: Double
    /// Seconds from the scan to the file, validation included.
    package var totalSeconds: Double
    package var bytes: Int
    /// Why it did not take the place of the version before; nil when it did.
    package var heldBack: String?
    package var settings: RecommendationSettings

    package init(number: Int, createdAt: Int64, model: TrainedModel, interactions: Interactions) {
        self.number = number
        self.createdAt = createdAt
        trainedThrough = model.trainedThrough
        persons = interactions.persons.count
        items = model.items.count
        self.interactions = interactions.count
        weights = model.weights
        settings = model.settings
        fitSeconds = 0
        totalSeconds = 0
        bytes = 0
    }
}
