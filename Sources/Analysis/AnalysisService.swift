package import EventLog

/// Answers questions about behaviour from a snapshot of the log.
package struct AnalysisService: Sendable {
    /// Threads of a scan; nil lets the log choose.
    package var threads: Int?

    package init(threads: Int? = nil) {
        self.threads = threads
    }

    package struct Answer: Sendable, Hashable {
        package var result: QueryResult
        package var explanation: QueryExplanation

        package init(result: QueryResult, explanation: QueryExplanation) {
            self.result = result
            self.explanation = explanation
        }
    }

    /// Answers a query over everybody, or over one person's history alone.
    ///
    /// - Parameters:
    ///   - now: what relative dates count from, in milliseconds since 1970-01-01T00:00:00Z.
    ///   - traits: where filters and breakdowns by person trait look; without it such queries are refused.
    ///   - person: the id of the one person to ask about, or nil for everybody.
    /// - Throws: `QueryError` for a query that cannot be answered, `EventLogError` for a log that cannot be read.
    package func run(
        _ query: Query, on snapshot: Snapshot, now: Int64, traits: (any PersonTraits)? = nil, person: String? = nil
    ) throws -> Answer {
        let context = QueryContext(snapshot: snapshot, now: now, traits: traits, threads: threads, person: person)
        var explanation = QueryExplanation()
        let result = try query.run(in: context, &explanation)
        return Answer(result: result, explanation: explanation)
    }
}
