package import Analysis
package import EventLog

/// Asks questions of a workspace's events.
package struct QueryService: Sendable {
    private let snapshot: Snapshot
    private let now: Int64

    /// - Parameter now: what relative dates count from, in milliseconds since 1970-01-01T00:00:00Z. Questions that one
    ///   service answers share it, and the snapshot, so that their answers fit together.
    /// - Throws: `EventLogError` when the log cannot be read.
    package init(log: EventLog, now: Int64 = EventLog.systemTime()) throws {
        snapshot = try log.snapshot()
        self.now = now
    }

    /// - Throws: `QueryError` for a question that cannot be answered, `EventLogError` for a log that cannot be read.
    package func answer(_ query: Query, threads: Int? = nil) throws -> AnalysisService.Answer {
        try AnalysisService(threads: threads).run(query, on: snapshot, now: now)
    }
}
