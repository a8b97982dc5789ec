package import EventLog

/// The histories of persons, and where decisions are written. `EventLog` is one. Called from several threads.
package protocol MomentLog: Sendable {
    func snapshot() throws -> Snapshot
    /// A snapshot that is good for one person only.
    func view(of person: String) throws -> Snapshot
    /// Returns when the events are durable.
    func record(_ events: [Event]) throws
}

extension EventLog: MomentLog {
    package func record(_ events: [Event]) throws { _ = try appendAndWait(events) }
}
