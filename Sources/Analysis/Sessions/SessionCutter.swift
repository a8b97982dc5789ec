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
    // The present session; without events there is none.
    private var entry = Row(at: 0)
    private var end: Int64 = 0
    private var events = 0

    init(timeout: Int64) { self.timeout = timeout }

    /// Takes the person's next event. Returns the session that it ends, if it starts a new one.
    @inline(__always)
    mutating func add(_ row: Row) -> Session? {
        if events > 0, row.time &- end <= timeout {
            end = row.time
            events &+= 1
            return nil
        }
        let session = present
        entry = row
        end = row.time
        events = 1
        return session
    }

    /// Ends the person. Returns their last session.
    mutating func finish() -> Session? {
        defer { events = 0 }
        return present
    }

    @inline(__always)
    private var present: Session? { events == 0 ? nil : Session(entry: entry, end: end, events: events) }
}
