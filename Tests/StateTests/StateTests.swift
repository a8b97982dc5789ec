import Foundation
import GRDB
import Testing

@testable import State

@Suite struct StateDatabaseTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

    private let notes = MigrationSet("notes").adding(
        "table", sql: "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")

    private func withDatabase(
        _ migrations: [MigrationSet], _ body: (StateDatabase) throws -> Void
    ) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let state = try StateDatabase.open(folder + "/state.sqlite", migrations: migrations)
        try body(state)
        try state.close()
    }

    private func removeFolder() { try? FileManager.default.removeItem(atPath: folder) }

    @Test func `Every commit is synced, whatever the pool sets by itself`() throws {
        defer { removeFolder() }
        try withDatabase([]) { state in
            let (synchronous, journal) = try state.write { db in
                (
                    try Int.fetchOne(db, sql: "PRAGMA synchronous"),
                    try String.fetchOne(db, sql: "PRAGMA journal_mode")
                )
            }
            #expect(synchronous == 2)
            #expect(journal == "wal")
        }
    }

    @Test func `Deleted text is in none of the files after a checkpoint`() throws {
        defer { removeFolder() }
        let secret = Data("홍길동의 비밀 0xdeadbeef".utf8)
        try withDatabase([notes]) { state in
            try state.write { db in
                for id in 0..<100 {
                    try db.execute(
                        sql: "INSERT INTO note VALUES (?, ?)",
                        arguments: [id, String(decoding: secret, as: UTF8.self)])
                }
            }
            try state.checkpoint()
            #expect(try holds(secret))
            try state.write { try $0.execute(sql: "DELETE FROM note") }
            try state.checkpoint()
            let isThere = try holds(secret)
            #expect(!isThere)
        }
    }

    private func holds(_ bytes: Data) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: folder).contains { name in
            let content = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
            return content.range(of: bytes) != nil
        }
    }

    @Test func `Migrations of several modules run once each, and later ones are added`() throws {
        defer { removeFolder() }
        try withDatabase([notes]) { state in
            try state.write { try $0.execute(sql: "INSERT INTO note VALUES (1, 'kept')") }
        }
        let later = notes.adding("colour", sql: "ALTER TABLE note ADD COLUMN colour TEXT")
        let other = MigrationSet("other").adding("table", sql: "CREATE TABLE other (id INTEGER PRIMARY KEY)")
        try withDatabase([later, other]) { state in
            let row = try state.read { try Row.fetchOne($0, sql: "SELECT * FROM note") }
            #expect(row?["text"] == "kept")
            #expect(row?.columnNames.contains("colour") == true)
        }
    }

    @Test func `A file of a newer version is refused and left alone`() throws {
        defer { removeFolder() }
        try withDatabase([notes]) { _ in }
        let error = #expect(throws: StateError.self) { try withDatabase([]) { _ in } }
        #expect(error?.code == .tooNew)
        #expect(error?.message.contains("notes: table") == true)
    }

    @Test func `A file that is no database is refused with its name`() throws {
        defer { removeFolder() }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(repeating: 7, count: 8192).write(to: URL(fileURLWithPath: folder + "/state.sqlite"))
        let error = #expect(throws: StateError.self) { try withDatabase([]) { _ in } }
        #expect(error?.code == .damaged)
        #expect(error?.message.contains("state.sqlite") == true)
    }

    @Test func `A position is committed with the changes or not at all`() throws {
        defer { removeFolder() }
        struct Stop: Error {}
        try withDatabase([notes]) { state in
            #expect(try state.read { try ProjectionPositions.next(of: "p", in: $0) } == 0)
            try state.write { db in
                try db.execute(sql: "INSERT INTO note VALUES (1, 'a')")
                try ProjectionPositions.advance("p", to: 10, in: db)
            }
            #expect(throws: Stop.self) {
                try state.write { db in
                    try db.execute(sql: "INSERT INTO note VALUES (2, 'b')")
                    try ProjectionPositions.advance("p", to: .max, in: db)
                    throw Stop()
                }
            }
            let (next, count) = try state.read { db in
                (
                    try ProjectionPositions.next(of: "p", in: db),
                    try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM note")
                )
            }
            #expect(next == 10)
            #expect(count == 1)
        }
    }

    @Test func `The outbox gives entries in order, once a key, and those that failed later`() throws {
        defer { removeFolder() }
        try withDatabase([]) { state in
            try state.write { db in
                for index in 0..<5 {
                    #expect(
                        try Outbox.add(topic: "t", key: "k\(index)", payload: Data([UInt8(index)]), in: db))
                }
                let again = try Outbox.add(topic: "t", key: "k3", payload: Data(), in: db)
                #expect(!again)
                #expect(try Outbox.add(topic: "other", key: "k3", payload: Data(), in: db))
                let due = try Outbox.due(topic: "t", now: 0, limit: 3, in: db)
                #expect(due.map(\.key) == ["k0", "k1", "k2"])
                try Outbox.remove([due[0].id], in: db)
                try Outbox.postpone(due[1].id, to: 1000, error: "refused", in: db)
                #expect(try Outbox.due(topic: "t", now: 999, limit: 9, in: db).map(\.key) == ["k2", "k3", "k4"])
                let late = try Outbox.due(topic: "t", now: 1000, limit: 1, in: db)
                #expect(late.map(\.attempts) == [1])
                #expect(try Outbox.backlog(topic: "t", in: db) == (waiting: 4, attempts: 1))
            }
        }
    }

    @Test func `A backup made while others write is a whole database`() throws {
        defer { removeFolder() }
        try withDatabase([notes]) { state in
            try state.write { db in
                for id in 0..<1000 {
                    try db.execute(sql: "INSERT INTO note VALUES (?, 'x')", arguments: [id])
                }
            }
            try state.backup(to: folder + "/copy.sqlite")
        }
        let copy = try StateDatabase.open(folder + "/copy.sqlite", migrations: [notes])
        #expect(try copy.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM note") } == 1000)
        try copy.close()
    }
}
