/// What a log knows at a moment, in memory. Changed under a lock for microseconds; what readers take is immutable.
struct LogState: Sendable {
    var tables: NameTables
    /// What readers see.
    var identities: Identities
    /// With the changes that are on their way to the disk: what decides about the next change.
    var pending: Identities
    /// On disk, oldest first.
    var segments: [SealedSegment] = []
    /// Full tails that are not on disk yet, oldest first.
    var recent: [RecentRows] = []
    var tail: Tail
    /// The tail as it was last read, while it is still the same.
    var frozenTail: RecentRows?
    var marks: MarkTable
    /// Milliseconds; 0 keeps events for ever.
    var retention: Int64 = 0
    /// Where the write-ahead log begins that is needed on top of the segments.
    var walStart: UInt64 = 0
    /// The newest file of it that is known to exist: see `Manifest`.
    var walFile: UInt64?
    /// One above the highest sequence number of an applied record.
    var nextSequence: UInt64 = 0
    var nextFile: UInt64 = 1
    var generation: UInt64 = 0
    /// Loads that are under way, by the sequence number of their first row: what has been deleted since it was
    /// reserved.
    var loads: [UInt64: [Identities.Deletion]] = [:]
    let key: HashKey
    let logID: UInt64

    struct SealedSegment: Sendable {
        var entry: Manifest.SegmentEntry
        var segment: Segment
    }

    init(_ manifest: Manifest, segments: [SealedSegment]) {
        tables = manifest.tables
        identities = Identities(key: manifest.key)
        for redirect in manifest.redirects { identities.set(redirect) }
        for deletion in manifest.deletions { identities.add(deletion) }
        pending = identities
        self.segments = segments
        tail = Tail(key: manifest.key)
        marks = MarkTable(manifest.marks)
        retention = manifest.retention
        walStart = manifest.walStart
        walFile = manifest.walFile
        nextSequence = manifest.nextSequence
        nextFile = manifest.nextFile
        generation = manifest.generation
        key = manifest.key
        logID = manifest.logID
    }

    var manifest: Manifest {
        var manifest = Manifest(key: key, logID: logID)
        manifest.generation = generation
        manifest.nextFile = nextFile
        manifest.walStart = walStart
        manifest.walFile = walFile
        manifest.nextSequence = nextSequence
        manifest.retention = retention
        manifest.tables = tables
        manifest.redirects = identities.redirects
        manifest.deletions = identities.deletions
        manifest.segments = segments.map(\.entry)
        manifest.marks = marks.all
        return manifest
    }

    var recentCount: Int { recent.reduce(tail.count) { $0 + $1.count } }

    /// Makes the tail part of the unchanging rows.
    mutating func closeTail() {
        guard tail.count > 0 else { return }
        recent.append(tailRows())
        tail = Tail(key: key)
        frozenTail = nil
    }

    /// Nothing is left of some ids.
    mutating func drop(_ deletions: [Identities.Deletion]) {
        identities.drop(deletions)
        pending.drop(deletions)
    }

    /// Applies a durable record.
    mutating func apply(_ record: LogRecord, sequence: UInt64) {
        nextSequence = max(nextSequence, sequence + 1)
        switch record {
        case .events(let batch, let receivedTime):
            nextSequence = max(nextSequence, sequence + UInt64(batch.count))
            tail.append(batch, firstSequence: sequence, receivedTime: receivedTime, tables: &tables)
            if tail.count >= Tail.rows { closeTail() }
        case .merge(let merge): identities.set(merge)
        case .split(let alias): identities.split(alias)
        case .delete(let deletions):
            // A segment in memory is either before the deletion or after it.
            closeTail()
            identities.delete(deletions)
            for first in Array(loads.keys) { loads[first]? += deletions }
        case .reserve(let count): nextSequence = max(nextSequence, sequence + count)
        }
    }
}

/// How far sources have been imported, by the digest of what was read so far.
struct MarkTable: Sendable {
    private var successors: [SourceMark.Digest: [SourceMark]] = [:]
    private(set) var all: [SourceMark] = []

    init(_ marks: [SourceMark]) {
        for mark in marks { add(mark) }
    }

    mutating func add(_ mark: SourceMark) {
        guard !(successors[mark.from]?.contains(mark) ?? false) else { return }
        successors[mark.from, default: []].append(mark)
        all.append(mark)
    }

    func after(_ digest: SourceMark.Digest) -> [SourceMark] { successors[digest] ?? [] }
}
