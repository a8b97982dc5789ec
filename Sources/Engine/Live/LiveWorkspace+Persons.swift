package import EventLog

extension LiveWorkspace {
    /// Removes everything about a person, from disk too, and cannot be undone.
    ///
    /// - Returns: the number of events that were removed.
    /// - Throws: `EventLogError`.
    package func forget(_ person: String) throws -> Int { try log.forget(person) }

    /// What one person did, in time order, under all their ids.
    package func history(of person: String) throws -> [StoredEvent] { try log.history(of: person) }
}
