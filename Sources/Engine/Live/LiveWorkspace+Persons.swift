package import EventLog
package import People
import State
import Synchronization

extension LiveWorkspace {
    /// Removes everything about a person, from disk too, and keeps them from coming back. Cannot be undone.
    ///
    /// - Parameter person: an id or a key.
    /// - Throws: `PeopleError` with `notFound`.
    package func delete(_ person: String) throws -> DeletionReceipt {
        // All of their ids have to be known.
        try catchUp()
        let receipt = try people.delete(person)
        try catchUp()
        return receipt
    }

    /// What one person did, in time order, under all their ids.
    ///
    /// - Parameter person: an id or a key.
    package func history(of person: String) throws -> [StoredEvent] {
        try log.history(of: try people.canonicalID(of: person) ?? person)
    }

    /// Builds the tables about persons anew from the log, then every membership.
    package func rebuildPeople(onProgress: ((Int) -> Void)? = nil) throws {
        try projecting.withLock { projecting in
            try state.write { db in
                try people.projection.reset(in: db)
            }
            projecting.peoplePosition = 0
            tail.rewind(to: 0)
        }
        try catchUp(onProgress: onProgress)
        try people.replaceLogChanges { log.canonicalID(of: $0) }
        try catchUp()
    }
}
