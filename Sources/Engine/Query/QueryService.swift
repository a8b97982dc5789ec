package import Analysis
package import EventLog
import Foundation
package import People
import State

/// Asks questions of a workspace's events.
package struct QueryService: Sendable {
    private let snapshot: Snapshot
    private let now: Int64
    private let traits: (any PersonTraits)?

    /// - Parameter traits: of persons, for filters and breakdowns; nil when nothing is known of them.
    /// - Parameter now: what relative dates count from, in milliseconds since 1970-01-01T00:00:00Z. Questions that one
    ///   service answers share it, and the snapshot, so that their answers fit together.
    /// - Throws: `EventLogError` when the log cannot be read.
    package init(
        log: EventLog, traits: (any PersonTraits)? = nil, now: Int64 = EventLog.systemTime()
    ) throws {
        snapshot = try log.snapshot()
        self.traits = traits
        self.now = now
    }

    /// - Throws: `QueryError` for a question that cannot be answered, `EventLogError` for a log that cannot be read.
    package func answer(_ query: Query, threads: Int? = nil) throws -> AnalysisService.Answer {
        try AnalysisService(threads: threads).run(query, on: snapshot, now: now, traits: traits)
    }
}

/// Traits for one query: each that is asked for is read once, for everybody.
extension TraitTable: PersonTraits {}

extension Workspace {
    /// The traits of persons beside a running server, or without one; nil when nothing is known of anybody.
    package func readTraits() throws -> (any PersonTraits)? {
        guard FileManager.default.fileExists(atPath: statePath) else { return nil }
        return try TraitTable.reading(StateDatabase.openForReading(statePath))
    }
}
