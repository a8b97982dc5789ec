package import EventLog

/// The catalogue. Called from several threads.
package protocol ItemSource: Sendable {
    /// Calls `body` with every item once, in any order. Items that only events mention need not be among them.
    func forEachItem(_ body: (CandidateItem) throws -> Void) throws

    /// Those of these ids that are in the catalogue.
    func items(_ ids: [String]) throws -> [CandidateItem]

    /// Rises with every change of the catalogue.
    func version() throws -> Int64

    /// The items that a search finds, the most relevant first.
    func find(_ text: String, limit: Int) throws -> [String]

    /// What follows an item in its series; nil when nothing does.
    func successor(of id: String) throws -> String?
}

extension ItemSource {
    package func version() throws -> Int64 { 0 }
    package func find(_ text: String, limit: Int) throws -> [String] { [] }
    package func successor(of id: String) throws -> String? { nil }
}

/// A workspace without a catalogue: recommendations come from events alone.
package struct NoItems: ItemSource {
    package init() {}
    package func forEachItem(_ body: (CandidateItem) throws -> Void) throws {}
    package func items(_ ids: [String]) throws -> [CandidateItem] { [] }
}

/// The histories of persons. `EventLog` is one.
package protocol InteractionHistory: Sendable {
    func snapshot() throws -> Snapshot
    /// A snapshot that is good for one person only.
    func view(of person: String) throws -> Snapshot
}

/// Where decisions and what came of them are kept. `EventLog` is one.
package protocol DecisionLog: Sendable {
    /// Returns when the events are durable; events whose message id is known are left out.
    func store(_ events: [Event]) throws
    /// The same without blocking the caller's thread.
    func storeSoon(_ events: [Event]) async throws
}

/// Who may be decided for under their own name.
package protocol DecisionGate: Sendable {
    /// False for an id that is none, and for who was deleted or does not want to be profiled: they get what everybody
    /// chooses, and nothing is logged.
    func mayProfile(_ person: String) -> Bool
}

/// Says what to do for somebody at a moment of their session, within its budget and without those held out.
package protocol MomentDecider: Sendable {
    /// - Parameters:
    ///   - person: any id.
    ///   - isLogged: false only looks: nothing is written and nothing spent.
    /// - Returns: nil for somebody whom nobody knows.
    func decide(for person: String, isLogged: Bool) throws -> MomentChoice?
}

/// What was decided at a moment.
package struct MomentChoice: Sendable, Hashable {
    /// Of the decision that was written to the log; nil when there was nothing to write.
    package var id: DecisionID?
    package var actions: [String]
    /// Parallel to `actions`.
    package var probabilities: [Double]
    package var chosen: String
    /// For a coupon: what to show.
    package var coupon: String?
    /// Machine-readable: see `MomentWords`.
    package var reasons: [String]
    package var rules: [String]
    /// Nil without a model.
    package var modelVersion: String?
    /// What it looked at.
    package var features: [String: ContextValue]

    package init(actions: [String], probabilities: [Double], chosen: String, reasons: [String]) {
        self.actions = actions
        self.probabilities = probabilities
        self.chosen = chosen
        self.reasons = reasons
        rules = []
        features = [:]
    }
}

/// Everybody.
package struct OpenGate: DecisionGate {
    package init() {}
    package func mayProfile(_ person: String) -> Bool { true }
}

extension EventLog: InteractionHistory {}

extension EventLog: DecisionLog {
    package func store(_ events: [Event]) throws { _ = try appendAndWait(events) }
    package func storeSoon(_ events: [Event]) async throws { _ = try await append(events) }
}
