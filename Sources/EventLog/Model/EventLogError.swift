/// What can go wrong in the event log. `code` is stable; `description` says what was wrong, where, and what to do.
public struct EventLogError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// An event or name breaks one of `Limits`.
        case limitExceeded = "limit_exceeded"
        /// An event is not valid for another reason (empty name, time out of range, not UTF-8).
        case invalidEvent = "invalid_event"
        /// Another process holds the write lock.
        case locked
        /// The folder holds no event log.
        case notFound = "not_found"
        /// A file does not match its checksum, or its structure is impossible.
        case corrupt
        /// The file was written by a newer version of Dangol.
        case unsupportedVersion = "unsupported_version"
        /// The disk is full, or the file system refused a call.
        case io
        /// Events come in faster than they are written to segments, and what may wait in memory is full. Nothing was
        /// stored; the same append will do in a second or two. A server answers 503 with `Retry-After`.
        case overloaded
        /// The log was opened for reading, or has been closed.
        case notWritable = "not_writable"
        /// A merge or split that makes no sense.
        case invalidMerge = "invalid_merge"
    }

    public var code: Code
    public var message: String
    /// The file that the error is about, when there is one.
    public var file: String?

    public init(_ code: Code, _ message: String, file: String? = nil) {
        self.code = code
        self.message = message
        self.file = file
    }

    public var description: String {
        if let file { "\(file): \(message)" } else { message }
    }
}
