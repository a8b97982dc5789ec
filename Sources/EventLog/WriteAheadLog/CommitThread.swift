import Glibc

/// What waits in the queue of the commit thread.
enum LogWork: Sendable {
    case commit(any QueuedCommit)
    /// Completes the open file, runs `during`, and tells `done` the first sequence number of the new file.
    case rotate(during: @Sendable () -> Void, done: @Sendable (Result<UInt64, any Error>) -> Void)
    case close(done: @Sendable (Result<Void, any Error>) -> Void)
    /// Ends the thread and leaves the files as they are.
    case stop
}

/// A commit whose result type is erased. Its functions are called on the commit thread only.
protocol QueuedCommit: AnyObject, Sendable {
    /// Asks the caller for the final form.
    func prepare(_ firstSequence: UInt64) throws -> (payload: [UInt8]?, sequences: UInt64)
    /// Publishes to memory, in the order of the queue.
    func apply()
    /// Takes back what `prepare` did, in reverse order.
    func abandon()
    /// Lets the caller go on, after all of the group are applied or abandoned.
    func finish(_ error: (any Error)?)
}

final class Commit<T: Sendable>: QueuedCommit, @unchecked Sendable {
    // Unchecked: `prepared` is only touched by the commit thread.
    private let preparation: @Sendable (UInt64) throws -> WriteAheadLog.Prepared<T>
    private let completion: @Sendable (Result<T, any Error>) -> Void
    private var prepared: WriteAheadLog.Prepared<T>?

    init(
        _ preparation: @escaping @Sendable (UInt64) throws -> WriteAheadLog.Prepared<T>,
        completion: @escaping @Sendable (Result<T, any Error>) -> Void
    ) {
        self.preparation = preparation
        self.completion = completion
    }

    func prepare(_ firstSequence: UInt64) throws -> (payload: [UInt8]?, sequences: UInt64) {
        var prepared = try preparation(firstSequence)
        let payload = prepared.payload
        prepared.payload = nil
        self.prepared = prepared
        return (payload, prepared.sequences)
    }

    func apply() { prepared?.applied() }
    func abandon() { prepared?.abandoned() }

    func finish(_ error: (any Error)?) {
        if let error {
            completion(.failure(error))
        } else if let prepared {
            completion(.success(prepared.result))
        }
    }
}

/// The queue of a log and the thread that works through it.
final class CommitThread: Sendable {
    private struct Queue {
        /// Taken from `head` on; reset when empty, so that taking is O(1).
        var waiting: [LogWork?] = []
        var head = 0
        var isClosed = false

        mutating func take() -> LogWork? {
            guard head < waiting.count else { return nil }
            let work = waiting[head]
            waiting[head] = nil
            head += 1
            if head == waiting.count {
                waiting.removeAll(keepingCapacity: true)
                head = 0
            }
            return work
        }

        /// The next one when it is a commit.
        mutating func takeCommit() -> (any QueuedCommit)? {
            guard head < waiting.count, case .commit(let commit)? = waiting[head] else { return nil }
            _ = take()
            return commit
        }
    }

    private let queue = Monitor(Queue())
    private let folder: String

    /// Starts the thread, which ends after `close` or `stop`.
    init(_ writer: LogWriter, folder: String) throws {
        self.folder = folder
        let loop = CommitLoop(writer)
        try Self.start { [queue] in
            while true {
                switch queue.wait(until: { $0.take() }) {
                case .commit(let commit): loop.commit(commit) { queue.withLock { $0.takeCommit() } }
                case .rotate(let during, let done): done(Result { try loop.rotate(during) })
                case .close(let done):
                    done(Result { try loop.close() })
                    return
                case .stop: return
                }
            }
        }
    }

    /// Hands over work, or refuses it because the log has been closed.
    func enqueue(_ work: LogWork) throws {
        try queue.update { queue in
            if queue.isClosed { throw LogWriter.closed(folder) }
            switch work {
            case .close, .stop: queue.isClosed = true
            case .commit, .rotate: break
            }
            queue.waiting.append(work)
        }
    }

    private static func start(_ body: @escaping @Sendable () -> Void) throws {
        final class Body: Sendable {
            let run: @Sendable () -> Void
            init(_ run: @escaping @Sendable () -> Void) { self.run = run }
        }
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let argument = Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                body.run()
                return nil
            }, argument.toOpaque())
        if failure != 0 {
            argument.release()
            throw EventLogError(
                .io,
                "no thread could be started (errno \(failure)); raise the limit of threads (ulimit -u) or free memory")
        }
    }
}

/// The commit thread's own part.
private final class CommitLoop: @unchecked Sendable {
    // Unchecked: after the thread has started, it alone uses this.
    private let writer: LogWriter
    private var group: [any QueuedCommit] = []

    init(_ writer: LogWriter) {
        self.writer = writer
    }

    /// Group commit (Gray and Reuter, 1993, section 9.4): all that waits is written and synced at once.
    func commit(_ first: any QueuedCommit, next: () -> (any QueuedCommit)?) {
        let sequence = writer.nextSequence
        do {
            try writer.beginGroup()
        } catch {
            first.finish(error)
            return
        }
        var commit: (any QueuedCommit)? = first
        while let waiting = commit {
            add(waiting)
            commit = writer.groupBytes < WriteAheadLog.groupBytes ? next() : nil
        }
        defer { group.removeAll(keepingCapacity: true) }
        do {
            try writer.endGroup(first: sequence)
            for commit in group { commit.apply() }
            for commit in group { commit.finish(nil) }
        } catch {
            for commit in group.reversed() { commit.abandon() }
            for commit in group { commit.finish(error) }
        }
    }

    func rotate(_ during: () -> Void) throws -> UInt64 {
        try writer.rotate()
        during()
        return writer.nextSequence
    }

    func close() throws { try writer.close() }

    /// A commit that cannot be prepared fails alone.
    private func add(_ commit: any QueuedCommit) {
        do {
            let (payload, sequences) = try commit.prepare(writer.nextSequence)
            try writer.add(payload, sequences: sequences)
            group.append(commit)
        } catch {
            commit.abandon()
            commit.finish(error)
        }
    }
}
