/// A durable, columnar, per-person event history in one folder.
///
/// One process writes at a time; any number of threads read through snapshots, and other processes may open the same
/// folder for reading while it is written.
///
/// ```swift
/// let log = try EventLog.open("shop/events", for: .writing)
/// let receipt = try await log.append([Event(person: "u1", name: "Signed Up", time: now)])
/// let history = try log.snapshot().history(of: "u1")
/// try log.close()
/// ```
package final class EventLog: Sendable {
    package enum Access: Sendable { case writing, reading }

    package struct Options: Sendable {
        /// A repeated message id received within this many milliseconds is stored once.
        package var deduplicationWindow: Int64 = 30 * 86_400_000
        /// Recent events are written to a segment file when there are this many.
        package var sealRows = 1_000_000
        /// Milliseconds since 1970-01-01T00:00:00Z. Tests inject theirs.
        package var now: @Sendable () -> Int64 = EventLog.systemTime

        package init() {}
    }

    /// What an append stored.
    package struct Receipt: Sendable, Hashable {
        /// The sequence number of the first stored event; the others follow it.
        package var firstSequence: UInt64
        package var stored: Int
        /// Events whose message id was already there.
        package var duplicates: Int
    }

    private init() {}

    package static func systemTime() -> Int64 { fatalError() }
}

// The interface, being built.
extension EventLog {
    /// Opens the log in `folder`, or makes one when opening for writing. Recovers what was acknowledged.
    ///
    /// - Throws: `EventLogError`: `locked` when another process writes, `notFound`, `corrupt`, `unsupportedVersion`, `io`.
    package static func open(_ folder: String, for access: Access, options: Options = Options()) throws -> EventLog {
        fatalError()
    }

    /// Seals what is in memory, ends background work and gives back the lock.
    package func close() throws { fatalError() }

    /// The secret that keys hashes: `EventBatch(key:)`.
    package var key: HashKey { fatalError() }

    /// Stores events durably. Returns once they would survive a power loss; calls from several tasks share a sync.
    package func append(_ events: [Event]) async throws -> Receipt { fatalError() }

    /// Stores a large batch straight into a segment, without the write-ahead log: durable on return, all or nothing,
    /// together with `mark`, which tells how far a source has been imported.
    @discardableResult
    package func load(_ batch: consuming EventBatch, merges: [Merge] = [], mark: SourceMark? = nil) throws -> Receipt {
        fatalError()
    }

    /// Joins the ids: from now on the events of `alias` read as events of `person`. Undone by `split`.
    package func merge(_ alias: String, into person: String) async throws { fatalError() }

    /// Takes an id that was merged into another out again, with its own events.
    package func split(_ alias: String) async throws { fatalError() }

    /// Removes every event of the person, of all ids merged into them, and the ids themselves, from memory and disk.
    /// On return the bytes are in no file of the log.
    ///
    /// - Returns: the number of events that were removed.
    package func forget(_ person: String) throws -> Int { fatalError() }

    /// The state at this moment, for queries.
    package func snapshot() throws -> Snapshot { fatalError() }

    /// Up to `limit` events from sequence number `sequence` on, in order, for projections.
    package func tail(from sequence: UInt64, limit: Int) throws -> [StoredEvent] { fatalError() }

    /// Rewrites segments into one, applying merges, deletions and retention. `progress` gets rows done and rows in all.
    package func compact(progress: (@Sendable (Int, Int) -> Void)? = nil) throws { fatalError() }

    /// Reads every byte of every file and compares checksums. Returns what is wrong; empty means all is well.
    package func verify(progress: (@Sendable (Int, Int) -> Void)? = nil) throws -> VerifyReport { fatalError() }

    /// Events older than this many milliseconds are hidden at once and removed at the next compaction; nil keeps all.
    package func setRetention(_ age: Int64?) throws { fatalError() }

    package var statistics: LogStatistics { get throws { fatalError() } }

    /// Copies a consistent state into an empty folder, while the log is being written.
    package func backup(to folder: String) throws { fatalError() }

    /// Places that `source` may be continued from: see `SourceMark`.
    package func marks(after digest: SourceMark.Digest) throws -> [SourceMark] { fatalError() }
}

/// Joins two ids of a person.
package struct Merge: Sendable, Hashable {
    package var alias: String
    package var person: String

    package init(alias: String, person: String) {
        self.alias = alias
        self.person = person
    }
}

/// How far a source (a file or stream) has been imported, by content: reading `length` bytes after the place with digest
/// `from` leads to the place with digest `to`, and all of them are in the log. An import that finds its own bytes
/// already marked skips them, so importing a file twice, or a file that has grown, stores each line once.
package struct SourceMark: Sendable, Hashable {
    package struct Digest: Sendable, Hashable {
        package var high: UInt64
        package var low: UInt64

        package init(high: UInt64, low: UInt64) {
            self.high = high
            self.low = low
        }
    }

    package var from: Digest
    package var to: Digest
    package var length: UInt64
    package var lines: UInt64

    package init(from: Digest, to: Digest, length: UInt64, lines: UInt64) {
        self.from = from
        self.to = to
        self.length = length
        self.lines = lines
    }
}

package struct VerifyReport: Sendable, Hashable {
    package var files = 0
    package var bytes = 0
    package var events = 0
    /// Each names the file, the place and what is wrong.
    package var problems: [String] = []

    package init() {}
}

package struct LogStatistics: Sendable, Hashable {
    package struct EventName: Sendable, Hashable {
        package var name: String
        package var count: Int
        package var firstTime: Int64
        package var lastTime: Int64
    }

    package struct PropertyColumn: Sendable, Hashable {
        package var name: String
        package var type: PropertyType
        /// Events that have a value.
        package var count: Int
        package var bytes: Int
    }

    package var events = 0
    /// Ids with events, before merges.
    package var identities = 0
    package var merges = 0
    package var segments = 0
    package var segmentBytes = 0
    package var writeAheadLogBytes = 0
    /// Events that are in memory and the write-ahead log only.
    package var recentEvents = 0
    package var nextSequence: UInt64 = 0
    package var timeRange: ClosedRange<Int64>?
    package var retention: Int64?
    package var eventNames: [EventName] = []
    package var properties: [PropertyColumn] = []

    package init() {}
}
