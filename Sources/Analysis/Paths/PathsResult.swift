/// The answer to a paths query.
package struct PathsResult: Sendable, Hashable, Codable {
    package struct Edge: Sendable, Hashable, Codable {
        /// The position of `source` in the path, from 0. With only an end point, positions count back from the end: the
        /// edge into it has -1.
        package var step: Int
        package var source: String
        package var target: String
        /// Paths that take it.
        package var count: Int
        /// From the source's event to the target's.
        package var meanSeconds: Double
    }

    package struct Node: Sendable, Hashable, Codable {
        /// Its position in the path, as for edges: with only an end point, the end has 0.
        package var step: Int
        package var name: String
        /// Paths that have it there.
        package var count: Int
        /// Those of them that go no further (within the step limit).
        package var exits: Int
    }

    /// The most frequent first.
    package var edges: [Edge]
    /// The ends of the edges, by position and count.
    package var nodes: [Node]
    /// Paths of any length that were counted.
    package var pathCount: Int
    /// People who go along the edge that was asked about, each counted once.
    package var people: PeopleList?
}
