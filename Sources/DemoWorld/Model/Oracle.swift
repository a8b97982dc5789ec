/// A business that can say beforehand how somebody will answer: the best that any policy could know. Policies are
/// measured by how near they come to it.
package protocol Oracle: Business {
    /// The true chances of an answer, given everything that is hidden. The circle has lived until `time`.
    func expect(_ circle: Circle, _ action: WorldAction, person: String, time: Int64) -> Expectation
}

/// What is to be expected of an action, before any random number is drawn.
package struct Expectation: Sendable, Hashable {
    /// The probability that the answer holds the deed at least once.
    private var chances: [WorldResponse.Deed: Double]

    package init(_ chances: [WorldResponse.Deed: Double] = [:]) { self.chances = chances }

    package subscript(deed: WorldResponse.Deed) -> Double { chances[deed] ?? 0 }
}

extension World where Simulated: Oracle {
    /// What `apply` would bring, without doing it.
    ///
    /// - Returns: no chances for somebody who is not of this world.
    package func expect(_ action: WorldAction, of person: String, at time: Int64) -> Expectation {
        withCircle(of: person, until: time) { circle, _ in
            business.expect(circle, action, person: person, time: time)
        } ?? Expectation()
    }
}
