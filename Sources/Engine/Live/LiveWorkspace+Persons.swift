import Audiences
package import EventLog
package import People

extension LiveWorkspace {
    /// Removes everything about a person, from disk too, and keeps them from coming back. Cannot be undone.
    ///
    /// Whoever was split from somebody leaves traces in decisions about others (a merge that was refused because of
    /// them, for example), so the tables are then built anew; that is rare, and takes as long as any rebuild.
    ///
    /// - Parameters:
    ///   - person: an id or a key.
    ///   - waits: for the rebuild, when there is one; else it goes on behind.
    /// - Throws: `PeopleError` with `notFound`.
    package func delete(_ person: String, waits: Bool = true) throws -> DeletionReceipt {
        // All of their ids have to be known.
        try catchUp()
        let receipt = try people.delete(person)
        if !receipt.needsRebuild {
            try catchUp()
        } else if waits {
            try rebuildPeople()
        } else {
            startRebuild()
        }
        return receipt
    }

    /// What one person did, in time order, under all their ids.
    ///
    /// - Parameter person: an id or a key.
    package func history(of person: String) throws -> [StoredEvent] {
        try log.history(of: try people.canonicalID(of: person) ?? person)
    }
}
