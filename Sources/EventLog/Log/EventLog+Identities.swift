import Synchronization

extension EventLog {
    /// Joins the ids: from now on the events of `alias` read as events of `person`. Undone by `split`.
    ///
    /// - Returns: false when they are the same person already.
    /// - Throws: `EventLogError`: `invalidMerge`, `io`, `notWritable`.
    @discardableResult
    package func merge(_ alias: String, into person: String) async throws -> Bool {
        try EventLog.checkID(alias)
        try EventLog.checkID(person)
        return try await writer().commit { [self] first in
            guard let redirect = state.withLock({ $0.pending.merge(alias, into: person) }) else {
                return WriteAheadLog.Prepared(payload: nil, sequences: 0, result: false)
            }
            return prepared(.merge(redirect), first, true)
        }
    }

    /// Takes an id that was merged into another out again, with its own events and those of ids merged into it before.
    ///
    /// - Throws: `EventLogError`: `invalidMerge` when the id is not merged into another.
    package func split(_ alias: String) async throws {
        try await writer().commit { [self] first in
            guard state.withLock({ $0.pending.split(alias) }) else {
                throw EventLogError(.invalidMerge, "'\(alias)' is not merged into another id")
            }
            return prepared(.split(alias), first, ())
        }
    }

    /// Removes every event of the person, of all ids merged into them, and the ids themselves, from memory and disk.
    /// On return the bytes are in no file of the log; only what a load is just bringing in is taken out as it ends.
    ///
    /// Crash-safe: once begun, the events stay hidden, and the next `compact` or `forget` removes what is left.
    ///
    /// - Returns: the number of events that were removed.
    @discardableResult
    package func forget(_ person: String) throws -> Int {
        let wal = try writer()
        let (deletions, events) = try wal.commitAndWait { [self] first in
            let events = try snapshot().history(of: person).count
            let deletions = state.withLock { state in
                let members = state.pending.members(of: state.pending.canonical(person))
                let deletions = members.map { Identities.Deletion($0, before: first, key: state.key) }
                state.pending.delete(deletions)
                return deletions
            }
            return prepared(.delete(deletions), first, (deletions, events))
        }
        try seal()
        try maintenance.withLock { _ in
            let (segments, identities) = state.withLock { ($0.segments, $0.identities) }
            for sealed in segments where try sealed.segment.holdsDeleted(identities) {
                try rewrite([sealed.entry.file])
            }
            try changeManifest { $0.drop(deletions) }
            try removeStrays()
        }
        return events
    }

    private func prepared<T: Sendable>(
        _ record: LogRecord, _ first: UInt64, _ result: T
    ) -> WriteAheadLog.Prepared<T> {
        // The state is changed when the record is durable; the commit thread runs nothing in between.
        let payload = record.encoded()
        return WriteAheadLog.Prepared(
            payload: payload, sequences: 1, result: result,
            applied: { [self] in state.withLock { $0.apply(record, sequence: first) } },
            abandoned: { [self] in state.withLock { $0.pending = $0.identities } })
    }

    static func checkID(_ id: String) throws {
        if id.isEmpty { throw EventLogError(.invalidMerge, "a person's id is empty") }
        if id.utf8.count > Limits.personIDBytes {
            throw EventLogError.limit(
                "a person's id of \(id.utf8.count) bytes; at most \(Limits.personIDBytes) are allowed")
        }
    }
}
