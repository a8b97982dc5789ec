import EventLog

/// Cuts a person's events into sessions: an event more than the timeout after the one before starts a new session.
struct SessionCutter: Sendable {
    struct Session: Sendable, Hashable {
        var entry: Row
        /// The time of the last event.
        var end: Int64
        var events: Int

        /// Milliseconds from the first to the last event.
        var length: Int64 { end - entry.time }
    }

    /// Milliseconds.
    let timeout: Int64
    private var current: Session?

    init(timeout: Int64) { self.timeout = timeout }

    /// Takes the person's next event. Returns the session that it ends, if it starts a new one.
    @inline(__always)
    mutating func add(_ row: Row) -> Session? {
        guard let session = current else {
            current = Session(entry: row, end: row.time, events: 1)
            return nil
        }
        if row.time &- session.end > timeout {
            current = Session(entry: row, end: row.time, events: 1)
            return session
        }
        current?.end = row.time
        current?.events &+= 1
        return nil
    }

    /// Ends the person. Returns their last session.
    mutating func finish() -> Session? {
        defer { current = nil }
        return current
    }
}
