import Dispatch
import Foundation
import Synchronization

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
        /// Recent events are written to a segment file when there are this many ...
        package var sealRows = 1_000_000
        /// ... or when their records in the write-ahead log take this many bytes.
        package var sealBytes = 128 << 20
        /// Appends are refused as long as the records of recent events take more. In memory events need about as much
        /// again while they are written to a segment.
        package var recentBytesMax = 512 << 20
        /// This many segments of about the same size are merged into one in the background; 0 never does.
        package var compactionFanIn = 8
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

    let folder: String
    let disk: any Disk
    let access: Access
    let options: Options
    let state: Mutex<LogState>
    /// Nil when open for reading.
    let wal: WriteAheadLog?
    let lock: (any DiskLock)?
    let duplicates: Mutex<RecentMessages>
    /// Held while segments or the manifest change, so that one such change happens at a time.
    let maintenance = Mutex<Void>(())
    /// Held while segments are merged, which takes long: `maintenance` is taken only at its end, so that seals go on.
    /// To be taken before `maintenance`.
    let compacting = Mutex<Void>(())
    /// Segment files that no manifest names any more, or that a failed change may have left in one, and that are to go.
    let strays = Mutex<Set<String>>([])
    /// Seals in the background, and compactions beside them.
    let sealing = BackgroundWork("dangol.eventlog.sealing")
    let compaction = BackgroundWork("dangol.eventlog.compaction")
    let isClosed = Atomic<Bool>(false)
    /// Who is handed what is appended.
    let followers = Mutex<[TailReader]>([])
    /// How far a log that is open for reading has been read.
    let readEnd = Mutex(ReadEnd())
    /// What the last background work failed with; the next append or close reports it.
    let backgroundError = Mutex<(any Error)?>(nil)

    init(
        folder: String, disk: any Disk, access: Access, options: Options, state: LogState, wal: WriteAheadLog?,
        lock: (any DiskLock)?, duplicates: RecentMessages
    ) {
        self.folder = folder
        self.disk = disk
        self.access = access
        self.options = options
        self.state = Mutex(state)
        self.wal = wal
        self.lock = lock
        self.duplicates = Mutex(duplicates)
    }

    deinit { lock?.release() }

    package static func systemTime() -> Int64 {
        let now = Date().timeIntervalSince1970
        return Int64(now * 1000)
    }

    /// The secret that keys hashes: `EventBatch(key:)`.
    package var key: HashKey { state.withLock { $0.key } }

    /// All names that the log has: `EventBatch(key:room:)`.
    package var names: NameTables { state.withLock { $0.tables } }

    /// The write-ahead log, when the log is open for writing.
    func writer() throws -> WriteAheadLog {
        guard let wal else {
            throw EventLogError(.notWritable, "the log was opened for reading", file: folder)
        }
        guard !isClosed.load(ordering: .acquiring) else {
            throw EventLogError(.notWritable, "the log has been closed", file: folder)
        }
        return wal
    }
}

/// Joins two ids of a person. Ids are compared by their bytes.
package struct Merge: Sendable, Hashable {
    package var alias: String
    package var person: String

    package init(alias: String, person: String) {
        self.alias = alias
        self.person = person
    }

    /// Whether it says nothing.
    package var isTrivial: Bool { alias.utf8.elementsEqual(person.utf8) }

    package static func == (a: Merge, b: Merge) -> Bool {
        a.alias.utf8.elementsEqual(b.alias.utf8) && a.person.utf8.elementsEqual(b.person.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for id in [alias, person] {
            hasher.combine(id.utf8.count)
            for byte in id.utf8 { hasher.combine(byte) }
        }
    }
}

/// How far a source (a file or stream) has been imported, by content: reading `length` bytes after the place with
/// digest `from` leads to the place with digest `to`, and all of them are in the log. An import that finds its own
/// bytes already marked skips them, so importing a file twice, or a file that has grown, stores each line once.
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
        /// Milliseconds since 1970-01-01T00:00:00Z.
        package var firstTime: Int64
        package var lastTime: Int64

        package init(name: String, count: Int, firstTime: Int64, lastTime: Int64) {
            self.name = name
            self.count = count
            self.firstTime = firstTime
            self.lastTime = lastTime
        }

        func joined(_ other: EventName) -> EventName {
            EventName(
                name: name, count: count + other.count, firstTime: min(firstTime, other.firstTime),
                lastTime: max(lastTime, other.lastTime))
        }
    }

    package struct PropertyColumn: Sendable, Hashable {
        package var name: String
        package var type: PropertyType
        /// Events that have a value.
        package var count: Int
        package var bytes: Int

        package init(name: String, type: PropertyType, count: Int, bytes: Int) {
            self.name = name
            self.type = type
            self.count = count
            self.bytes = bytes
        }
    }

    package var events = 0
    /// Ids with events, before merges.
    package var identities = 0
    package var merges = 0
    package var segments = 0
    package var segmentBytes = 0
    /// Of `segmentBytes`, what the sequence numbers take.
    package var sequenceBytes = 0
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
