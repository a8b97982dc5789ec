package import EventLog

/// What the module wants of the event log.
package protocol PeopleLog: Sendable {
    /// Stores events durably. A message id that was stored before makes an event a repetition, which is left out.
    func append(_ events: [Event]) async throws

    /// The events that were sent under one of these very ids (merges are not followed), in sequence order, with
    /// sequence numbers below `sequence`.
    func events(ofIDs ids: [String], before sequence: UInt64) throws -> [StoredEvent]

    /// Removes every event of these ids from memory and disk, and the redirects from and to them.
    ///
    /// - Returns: the number of events that were removed; 0 when called again.
    func forget(_ ids: [String]) throws -> Int
}

/// Another keeper of facts about persons (audiences, the outbox), asked when a person is deleted.
package protocol PersonEraser: Sendable {
    /// Removes everything about these ids. Called again after a crash, so it must not mind that nothing is left.
    ///
    /// - Returns: what was removed, by kind, for the receipt.
    func erase(ids: [String]) throws -> [String: Int]
}
