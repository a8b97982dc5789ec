package import EventLog

/// What a query runs on.
package struct QueryContext: Sendable {
    package let snapshot: Snapshot
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let now: Int64
    package let traits: (any PersonTraits)?
    /// Threads of a scan; nil lets the log choose.
    package let threads: Int?
    /// When set, only this person's history is read: the same query as a question about one person.
    package let person: String?

    package init(
        snapshot: Snapshot, now: Int64, traits: (any PersonTraits)? = nil, threads: Int? = nil, person: String? = nil
    ) {
        self.snapshot = snapshot
        self.now = now
        self.traits = traits
        self.threads = threads
        self.person = person
    }

    /// Scans everybody, or visits the one person, and accounts for it under `scan`.
    package func scan<Fold: ScanFold & Sendable>(
        _ selection: Selection, _ explanation: inout QueryExplanation, makeFold: @escaping @Sendable () -> Fold
    ) throws -> [Fold] {
        if let person {
            var fold = makeFold()
            try explanation.time("scan") { try snapshot.visit(person: person, selection, &fold) }
            return [fold]
        }
        let (folds, report) = try explanation.time("scan") {
            try snapshot.scan(selection, threads: threads, makeFold: makeFold)
        }
        explanation.add(report)
        return folds
    }

    /// Notes each name that the log has not seen, with the nearest that it has.
    package func noteUnknownEvents(_ selectors: some Sequence<EventSelector>, _ explanation: inout QueryExplanation) {
        for selector in selectors {
            for name in selector.events ?? [] where snapshot.eventNames.number(of: name) == nil {
                let hint = NearestName.hint(for: name, among: snapshot.eventNames.names)
                explanation.note("the log has no event '\(name)'\(hint)")
            }
        }
    }
}
