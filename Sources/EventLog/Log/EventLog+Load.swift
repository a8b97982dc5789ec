import Synchronization

extension EventLog {
    /// Stores a large batch straight into a segment, without the write-ahead log: durable on return, all or nothing,
    /// together with `merges` and with `mark`, which tells how far a source has been imported.
    ///
    /// Events whose message id is known are left out and counted. Merges of ids that are one person already are
    /// skipped.
    ///
    /// - Throws: `EventLogError`: `limitExceeded`, `io`, `notWritable`; then nothing is stored.
    @discardableResult
    package func load(_ batch: consuming EventBatch, merges: [Merge] = [], mark: SourceMark? = nil) throws -> Receipt {
        let wal = try writer()
        for merge in merges {
            try EventLog.checkID(merge.alias)
            try EventLog.checkID(merge.person)
        }
        let batch = batch
        let now = options.now()
        let hashes = batch.messageHashes()
        let rows = batch.count
        let claim: Claim = try wal.commitAndWait { [self] first in
            let map = try state.withLock { try $0.tables.map(batch) }
            let (kept, claimed) = try self.claim(batch, hashes, now: now)
            let release: @Sendable () -> Void = { [self] in
                duplicates.withLock { for hash in claimed { $0.remove(hash) } }
                loads.withLock { _ = $0.remove(first) }
            }
            let record = LogRecord.reserve(UInt64(rows))
            if rows > 0 { loads.withLock { _ = $0.insert(first) } }
            return WriteAheadLog.Prepared(
                payload: rows == 0 ? nil : record.encoded(), sequences: UInt64(rows),
                result: Claim(first: first, map: map, kept: kept, release: release),
                applied: { [self] in state.withLock { $0.apply(record, sequence: first) } }, abandoned: release)
        }
        // Once the segment is part of the log its own hashes answer; when it fails, the ids are free again.
        defer {
            claim.release()
            for follower in followers.withLock({ $0 }) { follower.invalidate() }
        }
        let sequences = (0..<Int64(rows)).map { Int64(claim.first) + $0 }
        let sealer = BatchSealer(
            batch: batch, codes: claim.map.codes, properties: claim.map.properties, sequences: sequences,
            kept: claim.kept)
        let made =
            sealer.rowCount == 0
            ? nil
            : try write(hashesMessages: true) { writer in
                writer.addReceived([ReceivedRun(sequence: claim.first, time: now)])
                try sealer.write(to: &writer)
            }
        do {
            try join(made, merges, mark)
        } catch {
            // Unless a manifest may name it: then it goes with the next one.
            if let made { discard([made.entry.file].filter { !isKept($0) }) }
            throw error
        }
        maintain()
        return Receipt(
            firstSequence: claim.first, stored: sealer.rowCount, duplicates: rows - sealer.rowCount)
    }

    /// Makes a loaded segment part of the log.
    private func join(_ made: LogState.SealedSegment?, _ merges: [Merge], _ mark: SourceMark?) throws {
        if merges.isEmpty {
            try maintenance.withLock { _ in
                try changeManifest(adding: [made]) { state in
                    if let made { state.segments.append(made) }
                    if let mark { state.marks.add(mark) }
                }
            }
        } else {
            try seal(with: Loaded(segment: made, merges: merges, mark: mark))
        }
    }

    private struct Claim: Sendable {
        var first: UInt64
        var map: (codes: [UInt16], properties: [UInt16])
        var kept: [Bool]?
        var release: @Sendable () -> Void
    }

    /// Places that a source may be continued from after the place with `digest`: see `SourceMark`.
    package func marks(after digest: SourceMark.Digest) -> [SourceMark] {
        state.withLock { $0.marks.after(digest) }
    }
}
