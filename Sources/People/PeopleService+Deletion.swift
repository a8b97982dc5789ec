import EventLog
import Foundation
import GRDB
import State

extension PeopleService {
    /// Deletes a person everywhere: tables, events, what other modules keep, also from the files' free space. Their ids
    /// are suppressed, so that what still comes under them is dropped.
    ///
    /// The projection should have caught up, so that all of the person's ids are known. When a crash comes between,
    /// `resumeDeletions` carries it to the end. What other persons' events say about the ids (that they once shared a
    /// device, for example) is theirs and stays in the log, but is not looked at any more.
    ///
    /// - Parameter person: an id or a key.
    /// - Returns: the receipt; with `needsRebuild`, build the tables anew next.
    /// - Throws: `PeopleError` with `notFound`.
    package func delete(_ person: String) throws -> DeletionReceipt {
        let receipt = "r_" + PersonKeys.base32((0..<10).map { _ in UInt8.random(in: 0...255) })
        let time = now()
        try state.write { db in
            guard let number = try PeopleStore.number(of: person, db) else { throw PeopleError.noPerson(person) }
            try DeletionRows.begin(number, receipt: receipt, time: time, keys: keys, db)
        }
        try reloadGate()
        try resumeDeletions()
        guard let done = try self.receipt(receipt) else { throw PeopleError(.notFound, "the receipt is gone") }
        return done
    }

    /// Carries deletions to their end that were interrupted. To be called when the workspace is opened.
    package func resumeDeletions() throws {
        let open = try state.read { try DeletionRows.open($0) }
        guard !open.isEmpty else { return }
        for deletion in open {
            let events = try log.forget(deletion.ids)
            var counts = ["events": events]
            for eraser in erasers {
                counts.merge(try eraser.erase(ids: deletion.ids), uniquingKeysWith: +)
            }
            try state.write { db in
                try DeletionRows.add(counts, to: deletion.receipt, db)
                try recompute(deletion.groups, db)
            }
        }
        // The index of words keeps deleted ones until its parts are merged.
        try state.write { db in
            try db.execute(sql: "INSERT INTO person_search (person_search) VALUES ('optimize')")
        }
        try state.checkpoint()
        try state.write { db in
            for deletion in open { try DeletionRows.finish(deletion.receipt, time: now(), db) }
        }
        try state.checkpoint()
    }

    /// What the deleted person said about groups is no more.
    private func recompute(_ groups: [GroupID], _ db: Database) throws {
        let position = try projection.next(in: db)
        let history = PeopleHistory(log: log, keys: keys, suppressions: try Suppressions.load(db))
        for group in groups {
            let contributors = try GroupRows.contributors(to: group, db)
            let stored = try GroupRows.load(group, db)
            if contributors.isEmpty {
                try GroupRows.delete(group, db)
            } else {
                let state = try history.group(group, contributors: contributors, before: position)
                try GroupRows.store(
                    PeopleBatch.GroupDraft(isStored: true, stored: stored.stored, current: state), group, db)
            }
        }
    }

    package func receipt(_ id: String) throws -> DeletionReceipt? {
        try state.read { try DeletionRows.receipt(id, $0) }
    }

    /// The latest first.
    package func receipts(limit: Int = 100) throws -> [DeletionReceipt] {
        try state.read { try DeletionRows.receipts("ORDER BY time DESC, receipt LIMIT ?", [limit], $0) }
    }

    // MARK: Suppression

    /// Keeps ids from being recorded, also ones that were never seen.
    package func suppress(_ ids: [String]) throws {
        let time = now()
        try state.write { db in
            for id in ids where try PeopleStore.number(of: id, db) != nil {
                throw PeopleError(.invalid, "'\(id)' is a person who is here; delete them, which also suppresses them")
            }
            for id in ids { try DeletionRows.suppress(id, time: time, keys: keys, db) }
            try PeopleSettings.advanceGeneration(db)
        }
        try reloadGate()
    }

    /// Lets events under an id in again, from now on, because the person has come back of their own will.
    ///
    /// - Parameter nextSequence: the log's next sequence number; events before it stay left out.
    /// - Returns: false when the id is not suppressed.
    @discardableResult
    package func release(_ id: String, nextSequence: UInt64) throws -> Bool {
        let wasThere = try state.write { db in
            try db.execute(
                sql: "UPDATE suppression SET until_sequence = ? WHERE hash = ? AND until_sequence IS NULL",
                arguments: [Int64(bitPattern: nextSequence), keys.suppressionHash(of: id)])
            let changed = db.changesCount > 0
            try PeopleSettings.advanceGeneration(db)
            return changed
        }
        try reloadGate()
        return wasThere
    }

    package func isSuppressed(_ id: String) -> Bool { gate.verdict(id: id) == .suppressed }
}
