package import Statistics

/// How good a model was with persons whom it had not seen.
package struct IntentMetrics: Sendable, Hashable, Codable {
    package var persons: Int
    package var sessions: Int
    package var moments: Int
    /// By outcome.
    package var outcomes: [String: Reliability]
    /// By state: `aboutToLeave` is both ways of leaving together; `hesitating` is measured by sessions that end without
    /// a purchase, `comparing` by the next item being of the same category or one that was looked at before.
    package var states: [String: Reliability]
    /// The mean log loss of the five outcomes together, in nats, and that of who always says the base rates.
    package var logLoss: Double
    package var baseLogLoss: Double
}

/// What is known of one training: `version.json` beside the model.
package struct IntentVersion: Sendable, Hashable, Codable {
    package var number: Int
    /// Milliseconds since 1970-01-01T00:00:00Z, as all times here.
    package var createdAt: Int64
    /// Sessions that had ended by then.
    package var trainedThrough: Int64
    package var persons: Int
    package var sessions: Int
    package var moments: Int
    package var metrics: IntentMetrics
    package var rules: [SessionRule]
    package var idleMinutes: Int
    package var seconds: Double
    /// Of the model's file.
    package var bytes: Int
    package var checksum: UInt32
    /// Why it did not take the place of the version before; nil when it did.
    package var heldBack: String?
}
