import Foundation
import Synchronization

extension EventLog {
    /// Stores a large batch straight into a segment, without the write-ahead log: durable on return, all or nothing,
    /// together with `mark`, which tells how far a source has been imported.
    ///
    /// Events whose message id is known are left out and counted. Events of a person who is forgotten meanwhile are not
    /// stored: the load counts as having come before.
    ///
    /// - Throws: `EventLogError`: `limitExceeded`, `io`, `notWritable`; then nothing is stored.
    /// - Complexity: O(rows and values, and message ids in the segments), on all processors.
    @discardableResult
    package func load(_ batch: consuming EventBatch, mark: SourceMark? = nil) throws -> Receipt {
        let batch = batch
        let rows = batch.count
        let (first, claim) = try claim(batch)
        defer { release(claim, first: first) }
        let sealer = BatchSealer(
            batch: batch, codes: claim.codes, properties: claim.properties,
            sequences: Array(Int64(first)..<Int64(first) + Int64(rows)), kept: claim.kept,
            messageHashes: claim.newHashes)
        let segment =
            sealer.rowCount == 0
            ? nil
            : try write { writer in
                writer.addReceived([ReceivedRun(sequence: first, time: claim.received)])
                try sealer.write(to: &writer, threads: ProcessInfo.processInfo.activeProcessorCount)
            }
        var loaded = Loaded(first: first, segment: segment, mark: mark)
        do {
            try join(&loaded)
        } catch {
            // Unless a manifest may name it: then it goes with the next one.
            if let file = loaded.segment?.entry.file, !isKept(file) { discard([file]) }
            throw error
        }
        maintain()
        return Receipt(firstSequence: first, stored: sealer.rowCount, duplicates: rows - sealer.rowCount)
    }

    /// What a load adds to the log, in one change of the manifest.
    struct Loaded: Sendable {
        /// The sequence number of its first row.
        var first: UInt64
        var segment: LogState.SealedSegment?
        var mark: SourceMark?
    }

    /// Makes a loaded segment part of the log.
    private func join(_ loaded: inout Loaded) throws {
        try maintenance.withLock { _ in
            try removeForgotten(&loaded)
            try changeManifest(adding: [loaded.segment]) { $0.add(loaded) }
        }
    }

    /// Takes out of a load what a `forget` since its beginning has removed from the log: that one saw nothing of the
    /// segment, which no manifest names yet. Under `maintenance`; a deletion from now on finds the segment in the log.
    private func removeForgotten(_ loaded: inout Loaded) throws {
        guard let made = loaded.segment else { return }
        let (deletions, key) = state.withLock { ($0.loads[loaded.first] ?? [], $0.key) }
        if deletions.isEmpty { return }
        var gone = Identities(key: key)
        for deletion in deletions { gone.add(deletion) }
        // What is known of its entries is for the log's own state of the identities.
        defer { made.segment.placement.withLock { $0 = nil } }
        guard try made.segment.holdsDeleted(gone) else { return }
        let merger = SegmentMerger(segments: [made.segment], identities: gone, minTime: .min)
        loaded.segment = try write { try merger.write(to: &$0) }
        discard([made.entry.file])
    }

    // MARK: Claims

    /// What a load has reserved before it writes.
    private struct Claim: Sendable {
        /// When its events count as received.
        var received: Int64
        /// The batch's numbers of names to the log's.
        var codes: [UInt16]
        var properties: [UInt16]
        /// Which rows to store; nil is all.
        var kept: [Bool]?
        /// The hashes of their message ids, ascending.
        var newHashes: [UInt64]
        /// Keeps the message ids from being stored by others meanwhile; nil when there are none.
        var messages: RecentMessages.LoadClaim?
    }

    /// Reserves sequence numbers, numbers of names and message ids.
    private func claim(_ batch: EventBatch) throws -> (first: UInt64, claim: Claim) {
        let now = options.now()
        let order = MessageOrder(batch.messageHashes)
        let rows = UInt64(batch.count)
        return try writer().commitAndWait { [self] first in
            let map = try state.withLock { try $0.tables.map(batch) }
            var claim = Claim(received: now, codes: map.codes, properties: map.properties, newHashes: order.hashes)
            try claimMessages(order, of: batch, &claim)
            let messages = claim.messages
            let record = LogRecord.reserve(rows)
            return WriteAheadLog.Prepared(
                payload: rows == 0 ? nil : record.encoded(), sequences: rows, result: (first, claim),
                applied: { [self] in
                    guard rows > 0 else { return }
                    state.withLock { state in
                        state.apply(record, sequence: first)
                        state.loads[first] = []
                    }
                },
                abandoned: { [self] in
                    if let messages { duplicates.withLock { $0.endLoad(messages) } }
                })
        }
    }

    /// Finds the rows whose message id is known and claims the others. On the commit thread only.
    private func claimMessages(_ order: MessageOrder, of batch: EventBatch, _ claim: inout Claim) throws {
        guard !order.hashes.isEmpty else { return }
        var isKnown = [Bool](repeating: false, count: order.hashes.count)
        // In this order, because a seal moves ids from the recent ones to a segment: whoever looked at the segments
        // first could miss an id in both places.
        let messages = duplicates.withLock { $0.beginLoad(order, isKnown: &isKnown) }
        let segments = recentSegments(now: claim.received)
        do {
            // The hashes are in the mapped file, which goes with the last reference to its segment: a compaction may
            // drop it.
            try withExtendedLifetime(segments) {
                for segment in segments { order.mark(sharedWith: try segment.messageHashes(), &isKnown) }
            }
        } catch {
            duplicates.withLock { $0.endLoad(messages) }
            throw error
        }
        claim.messages = messages
        guard !order.repeated.isEmpty || isKnown.contains(true) else { return }
        var kept = [Bool](repeating: true, count: batch.count)
        for entry in order.repeated { kept[Int(batch.messageRows[Int(entry)])] = false }
        for (index, entry) in order.entries.enumerated() where isKnown[index] {
            kept[Int(batch.messageRows[Int(entry)])] = false
        }
        claim.kept = kept
        claim.newHashes = zip(order.hashes, isKnown).compactMap { $1 ? nil : $0 }
    }

    /// Segments whose message ids are still looked at.
    func recentSegments(now: Int64) -> [Segment] {
        let oldest = now - options.deduplicationWindow
        return state.withLock { $0.segments.filter { $0.entry.lastReceived >= oldest } }.map(\.segment)
    }

    private func release(_ claim: Claim, first: UInt64) {
        state.withLock { $0.loads[first] = nil }
        if let messages = claim.messages { duplicates.withLock { $0.endLoad(messages) } }
        invalidateFollowers()
    }

    // MARK: Marks

    /// Places that a source may be continued from after the place with `digest`: see `SourceMark`.
    package func marks(after digest: SourceMark.Digest) -> [SourceMark] {
        state.withLock { $0.marks.after(digest) }
    }
}

extension LogState {
    /// A load's segment and mark become part of the log.
    mutating func add(_ loaded: EventLog.Loaded) {
        if let segment = loaded.segment { segments.append(segment) }
        if let mark = loaded.mark { marks.add(mark) }
    }
}
