import Synchronization

/// Records that are durable once acknowledged: opaque payloads, each with its place in a sequence of numbers, in files
/// of one folder. Format: `LogFileFormat.swift`.
///
/// ```swift
/// let report = try WriteAheadLog.replay(folder: "log", disk: disk, logID: id, from: 0, repair: true) { sequence, payload in ... }
/// let log = try WriteAheadLog(folder: "log", disk: disk, logID: id, nextSequence: report.nextSequence)
/// let place = try await log.commit { first in
///     .init(payload: bytes, sequences: 1, result: first, applied: { publish(first) }, abandoned: {})
/// }
/// ```
///
/// A thread of its own takes commits off a queue, in order: it prepares all that wait, writes and syncs them together,
/// and lets their callers go on.
package final class WriteAheadLog: Sendable {
    /// The largest payload of a record, in bytes.
    package static let payloadBytes = 1 << 30
    /// A group takes no more records once it has this many bytes.
    static let groupBytes = 8 << 20

    /// What a commit is to write, in its final form.
    package struct Prepared<T: Sendable>: Sendable {
        /// Nil when there is nothing to write; the sequence numbers are taken all the same.
        package var payload: [UInt8]?
        /// How many sequence numbers it takes; at least 1 with a payload.
        package var sequences: UInt64
        package var result: T
        /// Called on the commit thread once the record is durable.
        package var applied: @Sendable () -> Void
        /// Called on the commit thread instead of `applied` when the group could not be made durable.
        package var abandoned: @Sendable () -> Void

        package init(
            payload: [UInt8]?, sequences: UInt64, result: T,
            applied: @escaping @Sendable () -> Void = {}, abandoned: @escaping @Sendable () -> Void = {}
        ) {
            self.payload = payload
            self.sequences = sequences
            self.result = result
            self.applied = applied
            self.abandoned = abandoned
        }
    }

    private let folder: String
    private let disk: any Disk
    private let counters: LogCounters
    private let thread: CommitThread

    /// Opens the folder for writing after a replay with repair, going on in a new file.
    ///
    /// - Parameters:
    ///   - logID: a random number that nobody outside knows; frames of another log do not pass.
    ///   - nextSequence: at least that of the replay's report.
    /// - Throws: `EventLogError`: `io`; `corrupt` when there was no such replay.
    package init(folder: String, disk: any Disk, logID: UInt64, nextSequence: UInt64) throws {
        self.folder = folder
        self.disk = disk
        counters = LogCounters()
        try disk.makeFolder(folder)
        let writer = try LogWriter(
            folder: folder, disk: disk, logID: logID, nextSequence: nextSequence, counters: counters)
        thread = try CommitThread(writer, folder: folder)
    }

    deinit {
        // Refused when the log has been closed.
        try? thread.enqueue(.stop)
    }

    // MARK: Commits

    /// Makes a record durable, together with others that wait at the same time.
    ///
    /// - Parameter prepare: called on the commit thread, in the order of the queue, with nothing else running. It gets
    ///   the sequence number that its record will begin with. When it throws, this commit alone fails.
    /// - Throws: what `prepare` throws; `EventLogError` with code `io` when the disk refuses: then nothing is stored,
    ///   and it may be tried again; `notWritable` after `close`.
    package func commit<T: Sendable>(prepare: @escaping @Sendable (_ firstSequence: UInt64) throws -> Prepared<T>)
        async throws -> T
    {
        try await withCheckedThrowingContinuation { continuation in
            submit(prepare: prepare) { continuation.resume(with: $0) }
        }
    }

    /// The same for callers without `async`. Not to be called from the closures of a commit, for which it would wait.
    package func commitAndWait<T: Sendable>(
        prepare: @escaping @Sendable (_ firstSequence: UInt64) throws -> Prepared<T>
    ) throws -> T {
        let result = Monitor<Result<T, any Error>?>(nil)
        submit(prepare: prepare) { outcome in result.update { $0 = outcome } }
        return try result.wait { $0 }.get()
    }

    /// The same for several records, one after another: they share syncs, but each stands or fails alone.
    ///
    /// - Throws: the first error, after all have been tried.
    package func commitAndWait<T: Sendable>(
        prepare: [@Sendable (_ firstSequence: UInt64) throws -> Prepared<T>]
    ) throws -> [T] {
        let results = Monitor<[Result<T, any Error>]>([])
        // Completions come in the order of the queue.
        for prepare in prepare { submit(prepare: prepare) { outcome in results.update { $0.append(outcome) } } }
        return try results.wait { $0.count == prepare.count ? $0 : nil }.map { try $0.get() }
    }

    /// Queues a commit and returns. `completion` is called on the commit thread, or at once when the log has been
    /// closed.
    package func submit<T: Sendable>(
        prepare: @escaping @Sendable (_ firstSequence: UInt64) throws -> Prepared<T>,
        completion: @escaping @Sendable (Result<T, any Error>) -> Void
    ) {
        do {
            try thread.enqueue(.commit(Commit(prepare, completion: completion)))
        } catch {
            completion(.failure(error))
        }
    }

    // MARK: Files

    /// Completes the current file and begins a new one, after the commits that wait. Returns the sequence number that
    /// the next record will begin with: all earlier records are in other files. Not to be called from the closures of a
    /// commit.
    package func rotate() throws -> UInt64 {
        try rotate(during: {})
    }

    /// The same, running `during` on the commit thread at exactly this point: all earlier commits are applied, no later
    /// one is prepared. When the new file cannot be made, `during` is not run, and commits go on as soon as it can.
    package func rotate(during: @escaping @Sendable () -> Void) throws -> UInt64 {
        let result = Monitor<Result<UInt64, any Error>?>(nil)
        try thread.enqueue(.rotate(during: during) { outcome in result.update { $0 = outcome } })
        return try result.wait { $0 }.get()
    }

    /// Removes the files all of whose records are below `sequence`. They are gone for good on return.
    package func removeFiles(before sequence: UInt64) throws {
        let files = try LogFile.list(folder, disk)
        let old = zip(files, files.dropFirst()).filter { $1.firstSequence <= sequence }.map(\.0)
        if old.isEmpty { return }
        for file in old {
            let size = try disk.size(file.path) ?? 0
            try disk.remove(file.path)
            counters.bytes.subtract(size, ordering: .relaxed)
        }
        try disk.syncFolder(folder)
    }

    /// Of all files, in bytes.
    package var bytes: Int { counters.bytes.load(ordering: .relaxed) }
    /// Syncs of files since the log was opened.
    package var syncCount: Int { counters.syncs.load(ordering: .relaxed) }

    /// Commits what waits and ends the thread. Closing again does nothing. Not to be called from the closures of a
    /// commit.
    package func close() throws {
        let result = Monitor<Result<Void, any Error>?>(nil)
        do {
            try thread.enqueue(.close { outcome in result.update { $0 = outcome } })
        } catch {
            return
        }
        try result.wait { $0 }.get()
    }
}
