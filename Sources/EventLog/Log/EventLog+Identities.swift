import Synchronization

extension EventLog {
    /// Joins the ids: from now on the events of `alias` read as events of `person`. Undone by `split`.
    ///
    /// - Returns: false when an earlier merge has made them the same person already.
    /// - Throws: `EventLogError`: `invalidMerge` also for one id given twice, `io`, `notWritable`.
    @discardableResult
    package func merge(_ alias: String, into person: String) async throws -> Bool {
        try await writer().commit(prepare: try mergePreparation(alias, into: person))
    }

    /// The same for callers without `async`.
    @discardableResult
    package func mergeAndWait(_ alias: String, into person: String) throws -> Bool {
        try writer().commitAndWait(prepare: try mergePreparation(alias, into: person))
    }

    /// Several merges one after another, which share syncs: for a projection, whose merges come in numbers.
    ///
    /// - Returns: which were new.
    /// - Throws: as `merge`; those before or after the one that failed may have been made, and may be made again.
    @discardableResult
    package func mergeAndWait(_ merges: [Merge]) throws -> [Bool] {
        try writer().commitAndWait(prepare: try merges.map { try mergePreparation($0.alias, into: $0.person) })
    }

    private func mergePreparation(
        _ alias: String, into person: String
    ) throws -> @Sendable (UInt64) throws -> WriteAheadLog.Prepared<Bool> {
        try EventLog.checkID(alias)
        try EventLog.checkID(person)
        if Merge(alias: alias, person: person).isTrivial {
            throw EventLogError(.invalidMerge, "'\(alias)' cannot be merged into itself; name two ids")
        }
        return { [self] first in
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
        try await writer().commit { [self] first in try preparedSplit(alias, first) }
    }

    /// The same for callers without `async`.
    package func splitAndWait(_ alias: String) throws {
        try writer().commitAndWait { [self] first in try preparedSplit(alias, first) }
    }

    private func preparedSplit(_ alias: String, _ first: UInt64) throws -> WriteAheadLog.Prepared<Void> {
        guard state.withLock({ $0.pending.split(alias) }) else {
            throw EventLogError(.invalidMerge, "'\(alias)' is not merged into another id")
        }
        return prepared(.split(alias), first, ())
    }

    /// Removes every event of the person, of all ids merged into them, and the ids themselves, from memory and disk.
    /// On return the bytes are in no file of the log; only what a load is just bringing in is taken out as it ends.
    ///
    /// A message of the person that is sent again may then be stored again, as that of a new person: the digests of
    /// message ids stay with a segment as long as something else is in it, and go with it otherwise. They are no list
    /// of who must not come back, because a sender need not repeat its ids: People keeps that list, by person.
    /// Collection asks it before an event gets here, and People passes over what an import brings.
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
        invalidateFollowers()
        try seal()
        try compacting.withLock { _ in
            let (segments, identities) = state.withLock { ($0.segments, $0.identities) }
            for sealed in segments where try sealed.segment.holdsDeleted(identities) {
                try rewrite([sealed.entry.file])
            }
            try maintenance.withLock { _ in
                try changeManifest { $0.drop(deletions) }
                try removeStrays()
            }
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
            applied: { [self] in
                state.withLock { $0.apply(record, sequence: first) }
                announce(numbers: first..<first + 1)
            },
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

extension Snapshot {
    /// The merges that hold: made again one after another in a log without merges, by `EventLog.merge` or
    /// `EventLog.load`, they join the same ids, and splits give the same persons.
    ///
    /// - Complexity: O(merges * log merges)
    package var merges: [Merge] { identities.redirects }
}
