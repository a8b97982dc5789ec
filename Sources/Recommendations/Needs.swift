package import EventLog

/// The catalogue. Called from several threads.
package protocol ItemSource: Sendable {
    /// Calls `body` with every item once, in any order. Items that only events mention need not be among them.
    func forEachItem(_ body: (CandidateItem) throws -> Void) throws

    /// Those of these ids that are in the catalogue.
    func items(_ ids: [String]) throws -> [CandidateItem]
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

extension EventLog: InteractionHistory {}
