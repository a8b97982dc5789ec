/// Why an import cannot go on. A line that is wrong by itself is a `Rejection` instead.
///
/// `code` is stable; `description` says what was wrong, where, and what to do.
package struct ImportError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The source cannot be opened or read.
        case io
        /// A compressed source is damaged or ends early.
        case corruptGzip = "corrupt_gzip"
        /// The bytes are not the text that was expected: an archive, an image, another encoding.
        case notText = "not_text"
        /// The name of an encoding, or text that does not fit it.
        case encoding
        /// The mapping names a column, type, format or zone that does not exist, or contradicts itself.
        case mapping
        /// The source is not laid out as the reader needs it: no header row, no rows.
        case layout
        /// The first bad line of a strict import.
        case rejected
        /// The source begins like one that has been imported, but goes on differently.
        case diverged
        /// The caller asked to stop.
        case cancelled
    }

    package var code: Code
    package var message: String
    /// The file, or `standard input`.
    package var source: String?
    /// Counted from 1.
    package var line: UInt64?

    package init(_ code: Code, _ message: String, source: String? = nil, line: UInt64? = nil) {
        self.code = code
        self.message = message
        self.source = source
        self.line = line
    }

    package var description: String {
        switch (source, line) {
        case (let source?, let line?): "\(source), line \(line): \(message)"
        case (let source?, nil): "\(source): \(message)"
        case (nil, let line?): "line \(line): \(message)"
        case (nil, nil): message
        }
    }
}

/// A line that could not become an event, and why.
package struct Rejection: Sendable, Hashable {
    /// Counted from 1; for a record of several lines its first.
    package var line: UInt64
    package var reason: String
    /// The line as it was, without its line break; invalid UTF-8 is repaired, and of a line that is too long only the
    /// beginning is kept.
    package var text: String

    package init(line: UInt64, reason: String, text: String) {
        self.line = line
        self.reason = reason
        self.text = text
    }
}

/// What is wrong with one line or message, thrown while it is read.
package struct LineProblem: Error {
    package var reason: String

    package init(_ reason: String) { self.reason = reason }

    /// The reason that an error of any kind gives for refusing a line.
    package static func reason(of error: any Error) -> String {
        switch error {
        case let problem as LineProblem: problem.reason
        case let error as EventLogError: error.message
        default: String(describing: error)
        }
    }
}
