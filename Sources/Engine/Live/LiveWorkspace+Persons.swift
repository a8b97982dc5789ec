import Audiences
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
        if receipt.needsRebuild { try rebuildPeople() } else { try catchUp() }
        return receipt
    }

    /// What one person did, in time order, under all their ids.
    ///
    /// - Parameter person: an id or a key.
    package func history(of person: String) throws -> [StoredEvent] {
        try log.history(of: try people.canonicalID(of: person) ?? person)
    }

    /// Builds the tables about persons anew from the log, then every membership.
    ///
    /// The log keeps its redirects meanwhile; afterwards those are changed that differ from what the tables say.
    package func rebuildPeople(onProgress: ((Int) -> Void)? = nil) throws {
        try projecting.withLock { projecting in
            try state.write { try people.projection.reset(in: $0) }
            tail.rewind(to: 0)
            var applied = 0
            while true {
                let events = try tail.read(limit: Self.batchEvents)
                if events.isEmpty { break }
                _ = try applyToPeople(events, next: tail.position)
                applied += events.count
                onProgress?(applied)
            }
            projecting.peoplePosition = tail.position
            try people.replaceLogChanges { log.canonicalID(of: $0) }
            try finishLogChanges()
            _ = try audiences.evaluateAll()
            let end = tail.position
            try state.write { try ProjectionPositions.advance(Self.audiencePosition, to: end, in: $0) }
        }
        try catchUp()
    }
}
