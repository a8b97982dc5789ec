import Synchronization

/// Follows a log in the order of sequence numbers, for a projection: what was there when it began, then what is
/// appended, each event once.
///
/// Appended batches are handed over in memory. When the reader falls behind by more than `Limits.tailBacklogEvents`, or
/// something else than an append changed the log, it goes on from the stored events.
///
/// ```swift
/// let tail = log.follow(from: position)
/// while !Task.isCancelled {
///     let events = try tail.read(limit: 10_000)
///     if events.isEmpty { await tail.wait() } else { try apply(events, next: tail.position) }
/// }
/// ```
package final class TailReader: Sendable {
    private struct Appended {
        /// Nil for numbers that no event has, as those of merges.
        var batch: EventBatch?
        var numbers: Range<UInt64>
        var received: Int64

        /// Whether a reader at a position has no use for it. Of a batch that it has begun it has read the rest as well.
        func isPassed(at position: UInt64) -> Bool {
            batch == nil ? numbers.upperBound <= position : numbers.lowerBound < position
        }
    }

    private struct State {
        /// In the order of their numbers, which need not be without gaps; those before `head` have been taken.
        private var appended: [Appended] = []
        private var head = 0
        private(set) var appendedEvents = 0
        /// One above the last number that the log has announced.
        var end: UInt64 = 0
        var waiter: CheckedContinuation<Void, Never>?
        var hasNews = true
        var isClosed = false

        var first: Appended? { head < appended.count ? appended[head] : nil }

        mutating func append(_ new: Appended) {
            appendedEvents += new.batch?.count ?? 0
            // Thousands of merges in a row are one stretch of numbers without events.
            if new.batch == nil, let last = appended.last, head < appended.count, last.batch == nil,
                last.numbers.upperBound == new.numbers.lowerBound
            {
                appended[appended.count - 1].numbers = last.numbers.lowerBound..<new.numbers.upperBound
            } else {
                appended.append(new)
            }
        }

        /// - Complexity: O(1) amortised
        mutating func removeFirst() {
            appendedEvents -= appended[head].batch?.count ?? 0
            appended[head].batch = nil
            head += 1
            if head == appended.count {
                removeAll()
            } else if head >= 1_024, head * 2 >= appended.count {
                appended.removeFirst(head)
                head = 0
            }
        }

        mutating func removeAll() {
            appended.removeAll(keepingCapacity: appended.count < 4_096)
            head = 0
            appendedEvents = 0
        }
    }

    /// What only the reading side uses.
    fileprivate struct Reading {
        var position: UInt64
        /// Reads stored events below its end.
        var stored: (cursor: TailCursor, end: UInt64)?
        var decoded: [StoredEvent] = []
        var nextDecoded = 0
        /// One above the last number of the batch that they are from.
        var decodedEnd: UInt64 = 0
    }

    private let log: EventLog
    private let selection: TailSelection
    private let state = Mutex(State())
    private let reading: Mutex<Reading>

    init(_ log: EventLog, from position: UInt64, _ selection: TailSelection) {
        self.log = log
        self.selection = selection
        reading = Mutex(Reading(position: position))
    }

    /// Every event before this sequence number has been read. To be stored with what was made of the events.
    package var position: UInt64 { reading.withLock { $0.position } }

    /// The next events that the selection wants, at most `limit`; none when everything has been read. Deleted events
    /// are not there; the person of each is the id that it was sent with.
    ///
    /// - Complexity: O(result) for events that were appended meanwhile, else as `EventLog.tail`.
    package func read(limit: Int) throws -> [StoredEvent] {
        try reading.withLock { reading in
            var events: [StoredEvent] = []
            do {
                // Several appends at once, when they are small.
                while events.count < limit, try readMore(&reading, limit: limit, into: &events) {}
            } catch {
                // It comes again with the next call, as the first thing.
                if events.isEmpty { throw error }
            }
            return events
        }
    }

    /// - Returns: false when there is nothing more to read now.
    private func readMore(_ reading: inout Reading, limit: Int, into events: inout [StoredEvent]) throws -> Bool {
        if reading.takeDecoded(limit: limit, into: &events) { return true }
        if try readStored(&reading, limit: limit, into: &events) { return true }
        switch takeAppended(from: reading.position) {
        case .batch(let appended):
            guard let batch = appended.batch else {
                reading.position = appended.numbers.upperBound
                return true
            }
            reading.decoded = batch.storedEvents(
                firstSequence: appended.numbers.lowerBound, receivedTime: appended.received, selection)
            reading.nextDecoded = 0
            reading.decodedEnd = appended.numbers.upperBound
            // Nothing of it may be wanted.
            if reading.decoded.isEmpty { reading.position = reading.decodedEnd }
        case .gap(let end):
            // Nothing below `end` can become readable later, so a snapshot from now on has all of it.
            reading.stored = (TailCursor(try log.snapshot(), from: reading.position, selection: selection), end)
        case .end: return false
        }
        return true
    }

    /// Goes back, because what was read could not be applied.
    package func rewind(to position: UInt64) {
        reading.withLock { $0 = Reading(position: position) }
        invalidate()
    }

    private func readStored(_ reading: inout Reading, limit: Int, into all: inout [StoredEvent]) throws -> Bool {
        guard let end = reading.stored?.end else { return false }
        let limit = limit - all.count
        var events: [StoredEvent]
        do {
            events = try reading.stored?.cursor.read(limit: limit) ?? []
        } catch {
            // The cursor may have gone on: what it did not hand over is read again.
            reading.stored = nil
            throw error
        }
        let isWhole = events.count < limit
        // What lies beyond was appended after the reader had looked, and comes again.
        let beyond = events.partitioningIndex { $0.sequence >= end }
        let isOver = isWhole || beyond < events.count
        events.removeSubrange(beyond...)
        reading.position = isOver ? end : (events.last.map { $0.sequence + 1 } ?? end)
        if isOver { reading.stored = nil }
        all += events
        return true
    }

    private enum Source {
        case batch(Appended)
        case gap(to: UInt64)
        case end
    }

    private func takeAppended(from position: UInt64) -> Source {
        state.withLock { state in
            // The end before the loads: a load that begins in between is not below it.
            let announced = state.end
            let end = min(announced, log.firstLoading ?? announced)
            // What is among the stored events too, and has been read there.
            while let first = state.first, first.isPassed(at: position) { state.removeFirst() }
            if let first = state.first, first.numbers.contains(position), position < end {
                state.removeFirst()
                return .batch(first)
            }
            let gapEnd = min(end, state.first?.numbers.lowerBound ?? end)
            if gapEnd > position { return .gap(to: gapEnd) }
            state.hasNews = false
            return .end
        }
    }

    /// Returns when there may be something to read, or the log or the reader is closed, or the task is cancelled. One
    /// caller at a time.
    package func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.hasNews || state.isClosed || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
    }

    /// Makes `wait` return although nothing was appended.
    package func signal() {
        state.withLock { $0.hasNews = true }
        wake()
    }

    /// Ends following: `wait` returns at once from now on.
    package func close() {
        log.stopFollowing(self)
        state.withLock { $0.isClosed = true }
        wake()
    }

    private func wake() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    // MARK: The log's side

    /// Takes over a durable record that has been applied, its batch or, for a record without events, only its numbers.
    /// On the commit thread.
    func push(_ batch: EventBatch?, numbers: Range<UInt64>, received: Int64 = 0) {
        state.withLock { state in
            state.hasNews = true
            state.end = max(state.end, numbers.upperBound)
            let count = batch?.count ?? 0
            // The reader finds them among the stored events.
            if state.appendedEvents + count > Limits.tailBacklogEvents { state.removeAll() }
            state.append(Appended(batch: batch, numbers: numbers, received: received))
        }
        wake()
    }

    /// Something else than an append changed the log: what waits is not to be trusted.
    func invalidate() {
        let end = log.nextSequence
        state.withLock { state in
            state.hasNews = true
            state.end = max(state.end, end)
            state.removeAll()
        }
        wake()
    }
}

extension TailReader.Reading {
    fileprivate mutating func takeDecoded(limit: Int, into events: inout [StoredEvent]) -> Bool {
        guard nextDecoded < decoded.count else { return false }
        let end = min(decoded.count, nextDecoded + limit - events.count)
        events += decoded[nextDecoded..<end]
        nextDecoded = end
        position = end == decoded.count ? decodedEnd : decoded[end - 1].sequence + 1
        if end == decoded.count { decoded = [] }
        return true
    }
}

extension EventLog {
    /// Follows the log from a sequence number on. To be closed when it is no longer read.
    package func follow(from sequence: UInt64, _ selection: TailSelection = .everything) -> TailReader {
        let reader = TailReader(self, from: sequence, selection)
        followers.withLock { $0.append(reader) }
        // What is applied now and pushed later is read among the stored events.
        reader.invalidate()
        return reader
    }

    func stopFollowing(_ reader: TailReader) {
        followers.withLock { $0.removeAll { $0 === reader } }
    }

    /// The first sequence number of the loads that have reserved theirs and are not part of the log yet.
    var firstLoading: UInt64? { state.withLock { $0.loads.keys.min() } }

    func invalidateFollowers() {
        for follower in followers.withLock({ $0 }) { follower.invalidate() }
    }

    /// Tells the readers of the tail about an applied record.
    func announce(_ batch: EventBatch? = nil, numbers: Range<UInt64>, received: Int64 = 0) {
        for follower in followers.withLock({ $0 }) { follower.push(batch, numbers: numbers, received: received) }
    }
}
