package import EventLog
import Foundation

/// Reads events from a file or stream into a log.
///
/// Every stretch of a source becomes part of the log as a whole, together with the mark that says so. Whatever ends an
/// import, an error, a wish or a power cut, importing the same source again goes on where it stopped.
package struct ImportService: Sendable {
    private let log: EventLog

    package init(log: EventLog) {
        self.log = log
    }

    package struct Summary: Sendable, Hashable {
        package var lines: UInt64 = 0
        /// Lines that were in the log already from an earlier import.
        package var linesSkipped: UInt64 = 0
        package var stored = 0
        /// Events whose message id was in the log already.
        package var duplicates = 0
        package var rejected = 0
        /// Where the rejected lines are, if there are any.
        package var rejectFile: String?
        package var seconds = 0.0

        package init() {}
    }

    /// - Parameters:
    ///   - path: a file; `-` is standard input.
    ///   - summary: what has been done so far, right at every moment, also when this throws.
    ///   - progress: called now and then, on another thread.
    ///   - shouldStop: asked now and then, on another thread; true ends with an `ImportError` of code `cancelled`.
    /// - Throws: `ImportError`, `EventLogError`; `EngineError` with `io` when rejected lines cannot be written.
    package func run(
        _ path: String, options: ImportOptions, rejects: RejectFile, summary: inout Summary,
        progress: @escaping @Sendable (ImportProgress) -> Void = { _ in },
        shouldStop: @escaping @Sendable () -> Bool = { false }
    ) throws {
        let name = path == "-" ? "standard input" : path
        try run(
            name, options: options, summary: &summary, open: { try FileSource(path: path) }, progress: progress,
            shouldStop: shouldStop
        ) { rejections, summary in
            try rejects.append(rejections, source: name)
            summary.rejectFile = rejects.path
        }
    }

    /// The same for any source of bytes.
    ///
    /// - Parameters:
    ///   - name: what errors call the source.
    ///   - open: called once, on the thread that reads.
    ///   - reject: gets the lines that cannot be used, stretch by stretch, after the stretch has been stored.
    package func run(
        _ name: String, options: ImportOptions, summary: inout Summary,
        open: @escaping @Sendable () throws -> any ByteSource,
        progress: @escaping @Sendable (ImportProgress) -> Void = { _ in },
        shouldStop: @escaping @Sendable () -> Bool = { false },
        reject: (_ rejections: [Rejection], _ summary: inout Summary) throws -> Void
    ) throws {
        let started = ContinuousClock.now
        let log = log
        var pipeline = ImportPipeline(
            name: name, options: options, key: log.key, open: open, marks: { log.marks(after: $0) })
        pipeline.names = { log.names }
        pipeline.onProgress = progress
        pipeline.isCancelled = shouldStop
        defer { summary.seconds = (ContinuousClock.now - started) / .seconds(1) }
        let done = try pipeline.run { stretch in
            // Which ids are one person is decided by the rules of People, when it reads these events.
            let receipt = try log.load(stretch.batch, mark: stretch.mark)
            summary.stored += receipt.stored
            summary.duplicates += receipt.duplicates
            summary.lines += stretch.mark.lines
            summary.rejected += stretch.rejections.count
            try reject(stretch.rejections, &summary)
        }
        summary.lines = done.lines
        summary.linesSkipped = done.linesSkipped
    }
}
