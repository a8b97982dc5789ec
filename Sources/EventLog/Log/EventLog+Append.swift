import CEventLog
import Synchronization

extension EventLog {
    /// Stores events durably. Returns once they would survive a power loss; calls from several tasks share a sync.
    ///
    /// Events whose message id was received within the de-duplication window are left out and counted.
    ///
    /// - Throws: `EventLogError`: `limitExceeded` or `invalidEvent` naming the event, with nothing stored; `overloaded`
    ///   when too much waits for being written to a segment; `io`; `notWritable`.
    @discardableResult
    package func append(_ events: [Event]) async throws -> Receipt {
        let batch = try makeBatch(events)
        return try await append(batch)
    }

    /// The same for a batch.
    @discardableResult
    package func append(_ batch: EventBatch) async throws -> Receipt {
        let receipt = try await writer().commit(prepare: try preparation(batch))
        maintain()
        return receipt
    }

    /// The same for callers without `async`.
    @discardableResult
    package func appendAndWait(_ batch: EventBatch) throws -> Receipt {
        let receipt = try writer().commitAndWait(prepare: try preparation(batch))
        maintain()
        return receipt
    }

    /// The same for single events.
    @discardableResult
    package func appendAndWait(_ events: [Event]) throws -> Receipt { try appendAndWait(try makeBatch(events)) }

    func makeBatch(_ events: [Event]) throws -> EventBatch {
        var batch = EventBatch(key: key)
        for (index, event) in events.enumerated() {
            do {
                try batch.append(event)
            } catch let error as EventLogError {
                throw EventLogError(error.code, "event \(index + 1) of \(events.count): \(error.message)")
            }
        }
        return batch
    }

    private typealias Preparation = @Sendable (UInt64) throws -> WriteAheadLog.Prepared<Receipt>

    private func preparation(_ batch: EventBatch) throws -> Preparation {
        guard batch.count <= Limits.eventsPerBatch else {
            throw EventLogError(
                .limitExceeded, "\(batch.count) events in one append; at most \(Limits.eventsPerBatch) are allowed")
        }
        if let error = backgroundError.withLock({ error in
            defer { error = nil }
            return error
        }) {
            throw error
        }
        try checkRoom(for: 0)
        let received = options.now()
        // Encoded here, by the caller, so that the commit thread only writes.
        let payload = batch.isEmpty ? nil : LogRecord.events(batch, receivedTime: received).encoded()
        let hashes = batch.messageHashes
        return { [self] first in
            try state.withLock { try $0.tables.reserve(batch) }
            let (kept, claimed) = try claim(batch, hashes, now: received)
            let stored = kept.map { kept in kept.count { $0 } } ?? batch.count
            var batch = batch
            var payload = payload
            if let kept {
                var rest = EventBatch(key: batch.key)
                rest.append(batch, kept: kept)
                batch = rest
                payload = stored == 0 ? nil : LogRecord.events(batch, receivedTime: received).encoded()
            }
            do {
                try checkRoom(for: payload?.count ?? 0)
            } catch {
                duplicates.withLock { for hash in claimed { $0.remove(hash) } }
                throw error
            }
            let final = batch
            return WriteAheadLog.Prepared(
                payload: payload, sequences: UInt64(stored),
                result: Receipt(
                    firstSequence: first, stored: stored,
                    duplicates: hashes.isEmpty ? 0 : (kept?.count ?? stored) - stored),
                applied: { [self] in
                    guard stored > 0 else { return }
                    state.withLock { $0.apply(.events(final, receivedTime: received), sequence: first) }
                    announce(final, numbers: first..<first + UInt64(stored), received: received)
                },
                abandoned: { [self] in duplicates.withLock { for hash in claimed { $0.remove(hash) } } })
        }
    }

    /// Refuses what memory has no room for until a seal has ended.
    ///
    /// - Throws: `EventLogError` with code `overloaded`.
    private func checkRoom(for bytes: Int) throws {
        let used = wal?.bytes ?? 0
        guard used > 0, used + bytes > options.recentBytesMax else { return }
        maintain()
        throw EventLogError(
            .overloaded,
            "recent events fill \(used >> 20) MB of memory and wait for being written to a segment; nothing was stored: send it again in a moment"
        )
    }

    /// Finds the rows whose message id is known and claims the other ids. On the commit thread only.
    ///
    /// - Returns: which rows to keep, nil for all; the hashes that were claimed.
    private func claim(_ batch: EventBatch, _ hashes: [UInt64], now: Int64) throws -> (kept: [Bool]?, claimed: [UInt64])
    {
        guard !hashes.isEmpty else { return (nil, []) }
        // In this order, because a seal moves ids from the recent ones to a segment: whoever looked at the segments
        // first could miss an id in both places.
        var isNew = duplicates.withLock { recent in hashes.map { recent.insert($0) } }
        let segments = recentSegments(now: now)
        // The hashes are in the mapped file, which goes with the last reference to its segment: a compaction may drop
        // it.
        try withExtendedLifetime(segments) {
            do {
                let sealed = try segments.map { try $0.messageHashes() }.filter { !$0.isEmpty }
                var isSealed = [UInt8](repeating: 0, count: hashes.count)
                for known in sealed { known.find(hashes, &isSealed) }
                for (entry, hash) in hashes.enumerated() where isNew[entry] && isSealed[entry] != 0 {
                    isNew[entry] = false
                    duplicates.withLock { $0.remove(hash) }
                }
            } catch {
                duplicates.withLock { for (entry, hash) in hashes.enumerated() where isNew[entry] { $0.remove(hash) } }
                throw error
            }
        }
        let claimed = hashes.indices.filter { isNew[$0] }.map { hashes[$0] }
        guard claimed.count < hashes.count else { return (nil, claimed) }
        var kept = [Bool](repeating: true, count: batch.count)
        for entry in hashes.indices where !isNew[entry] { kept[Int(batch.messageRows[entry])] = false }
        return (kept, claimed)
    }
}

extension NameTables {
    /// Adds a batch's names, so that they are known before the batch is durable.
    mutating func reserve(_ batch: EventBatch) throws { _ = try map(batch) }
}

extension UnsafeBufferPointer<UInt64> {
    /// Whether an ascending list of uniform hashes holds `value`.
    ///
    /// - Complexity: O(log log count) expected
    func containsSorted(_ value: UInt64) -> Bool {
        var found = [UInt8](repeating: 0, count: 1)
        find([value], &found)
        return found[0] != 0
    }

    /// Sets `found` to 1 for those of some values that an ascending list of uniform hashes holds. Many at a time cost
    /// less, because memory is asked for ahead.
    ///
    /// - Complexity: O(values * log log count) expected
    func find(_ values: [UInt64], _ found: inout [UInt8]) {
        precondition(found.count >= values.count, "a place for each value")
        ceventlog_find_sorted(baseAddress, count, values, values.count, &found)
    }
}
