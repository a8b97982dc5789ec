/// A line that an import of people or items left out, as its answer lists it.
package struct RejectedLine: Sendable, Hashable, Codable {
    /// From 1.
    package var line: Int
    package var reason: String
}
