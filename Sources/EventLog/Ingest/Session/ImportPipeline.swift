import Dispatch
import Synchronization

/// Reads and parses a source on a thread of its own while the caller stores the stretches, at most two of them in
/// memory.
package struct ImportPipeline: Sendable {
    package var name: String
    package var options: ImportOptions
    package var key: HashKey
    /// Opens the source; called once, on the reading thread.
    package var open: @Sendable () throws -> any ByteSource
    /// `EventLog.marks(after:)`; called on the reading thread.
    package var marks: @Sendable (SourceMark.Digest) throws -> [SourceMark]
    /// `ImportSession.names`; called on the reading thread.
    package var names: @Sendable () -> NameTables? = { nil }
    /// Called on the reading thread.
    package var onProgress: (@Sendable (ImportProgress) -> Void)?
    package var isCancelled: @Sendable () -> Bool = { false }

    package init(
        name: String, options: ImportOptions, key: HashKey, open: @escaping @Sendable () throws -> any ByteSource,
        marks: @escaping @Sendable (SourceMark.Digest) throws -> [SourceMark]
    ) {
        self.name = name
        self.options = options
        self.key = key
        self.open = open
        self.marks = marks
    }

    /// Runs the import to its end; `load` gets each stretch in order on the calling thread, which blocks.
    ///
    /// Every stretch that `load` has returned from is in the log, whatever happens later.
    ///
    /// - Returns: how much there was.
    /// - Throws: what reading throws, after the stretches before it have been loaded; what `load` throws.
    package func run(_ load: (ImportStretch) throws -> Void) throws -> ImportProgress {
        let handoff = Handoff()
        DispatchQueue(label: "dangol.import").async { [self] in read(into: handoff) }
        while true {
            switch handoff.take() {
            case .stretch(let stretch):
                do {
                    try load(stretch)
                } catch {
                    handoff.stop()
                    throw error
                }
                handoff.finishOne()
            case .end(let progress): return progress
            case .failure(let error): throw error
            }
        }
    }

    private func read(into handoff: Handoff) {
        do {
            let session = try ImportSession(open(), name: name, options: options, key: key, marks: marks)
            session.onProgress = onProgress
            session.names = names
            session.isCancelled = { [isCancelled] in handoff.isStopped || isCancelled() }
            while true {
                handoff.waitForRoom()
                if handoff.isStopped { break }
                guard let stretch = try session.next() else { break }
                handoff.put(.stretch(stretch))
            }
            handoff.put(.end(session.progress))
        } catch {
            handoff.put(.failure(error))
        }
    }
}

/// A queue between the two threads of a pipeline, with room for two stretches from the start of reading to the end of
/// loading.
private final class Handoff: Sendable {
    enum Item: Sendable {
        case stretch(ImportStretch)
        case end(ImportProgress)
        case failure(any Error)
    }

    private struct State {
        var items: [Item] = []
        var isStopped = false
    }

    private let state = Mutex(State())
    private let available = DispatchSemaphore(value: 0)
    /// Begins at 0 and is raised at once: a semaphore may not end below the value that it began with.
    private let room = DispatchSemaphore(value: 0)

    init() {
        for _ in 0..<2 { room.signal() }
    }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    func put(_ item: Item) {
        state.withLock { $0.items.append(item) }
        available.signal()
    }

    func take() -> Item {
        available.wait()
        return state.withLock { $0.items.removeFirst() }
    }

    func waitForRoom() { room.wait() }
    func finishOne() { room.signal() }

    /// Tells the reading thread that nobody takes stretches any more.
    func stop() {
        state.withLock { $0.isStopped = true }
        room.signal()
    }
}
