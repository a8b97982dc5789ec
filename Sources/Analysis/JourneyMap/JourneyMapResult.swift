/// The answer to a journey map.
package struct JourneyMapResult: Sendable, Hashable, Codable {
    package struct Stage: Sendable, Hashable, Codable {
        package var name: String
        /// People who reach it.
        package var count: Int
        /// Those of them who reach a later stage, at the same time or after.
        package var onward: Int
        /// The others.
        package var dropped: Int
        /// `onward` of `count`.
        package var conversionRate: Double
        /// Half of those who go onward take at most so long to the next stage that they reach.
        package var medianSeconds: Double?
        /// What the people who dropped off did last in the range, the most frequent first.
        package var lastEvents: [Named]
    }

    /// People who go from a stage to the next one that they reach.
    package struct Flow: Sendable, Hashable, Codable {
        package var from: Int
        package var to: Int
        package var count: Int
        package var medianSeconds: Double
        /// The last events between the two, repeats drawn together, the most frequent first.
        package var paths: [Path]
    }

    package struct Named: Sendable, Hashable, Codable {
        package var event: String
        package var count: Int
    }

    package struct Path: Sendable, Hashable, Codable {
        /// In the order in which they happened; none when the stages follow each other directly.
        package var events: [String]
        package var count: Int
    }

    package var stages: [Stage]
    /// By stages.
    package var flows: [Flow]
    package var people: PeopleList?
}
