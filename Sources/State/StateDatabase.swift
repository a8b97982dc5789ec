package import GRDB

/// The SQL state of a workspace, or of the installation: what is derived from the event log, and what people define.
///
/// One SQLite file in WAL mode. One process writes at a time, and waits for another that does; readers never wait.
/// Every commit is synced before it returns, because an effect on the outside world may follow it.
///
/// ```swift
/// let state = try StateDatabase.open("shop/state.sqlite", migrations: [PeopleMigrations.all])
/// try await state.write { db in try db.execute(sql: "UPDATE ...") }
/// ```
package final class StateDatabase: Sendable {
    private let pool: DatabasePool
    package let path: String

    /// Opens the file, makes it when it is not there, and brings its tables up to date.
    ///
    /// - Parameter migrations: those of every module that keeps tables in this file.
    /// - Throws: `StateError`: `cannotOpen`, `damaged`, or `tooNew` when a newer version of the program has written it.
    package static func open(_ path: String, migrations: [MigrationSet]) throws -> StateDatabase {
        do {
            let state = try StateDatabase(path: path)
            try MigrationSet.run(
                migrations + [ProjectionPositions.migrations, Outbox.migrations, StateSettings.migrations],
                on: state.pool)
            return state
        } catch let error as DatabaseError {
            throw StateError(error, path: path)
        }
    }

    /// Opens a file that is there for reading, as it is, while another process may write it.
    package static func openForReading(_ path: String) throws -> StateDatabase {
        do {
            return try StateDatabase(path: path, isReadOnly: true)
        } catch let error as DatabaseError {
            throw StateError(error, path: path)
        }
    }

    private init(path: String, isReadOnly: Bool = false) throws {
        var configuration = Configuration()
        configuration.label = "dangol.state"
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 4
        configuration.readonly = isReadOnly
        configuration.prepareDatabase { db in
            if isReadOnly { return }
            // Deleted bytes are overwritten: a person who is forgotten is gone from the file too.
            try db.execute(sql: "PRAGMA secure_delete = ON; PRAGMA cache_size = -8000")
        }
        self.path = path
        pool = try DatabasePool(path: path, configuration: configuration)
        if isReadOnly { return }
        // The pool sets NORMAL after it prepared the connection, so this comes afterwards. One transaction of a
        // projection changes tens of thousands of rows all over the tables: pages that do not fit into the cache are
        // written out more than once, and a checkpoint after each commit copies the same ones again and again.
        try pool.writeWithoutTransaction {
            try $0.execute(
                sql: "PRAGMA synchronous = FULL; PRAGMA cache_size = -64000; PRAGMA wal_autocheckpoint = 8000")
        }
    }

    /// Reads in one consistent view.
    package func read<Value>(_ body: (Database) throws -> Value) throws -> Value { try pool.read(body) }

    /// The same without blocking the caller's thread.
    package func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await pool.read(body)
    }

    /// Changes in one transaction: all of it is durable when this returns, or nothing of it happened.
    package func write<Value>(_ body: (Database) throws -> Value) throws -> Value { try pool.write(body) }

    /// The same without blocking the caller's thread.
    package func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await pool.write(body)
    }

    /// Moves what is in the write-ahead file into the database, so that deleted rows are in neither.
    package func checkpoint() throws { _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) } }

    /// Writes a consistent copy to a new file, while others read and write.
    package func backup(to path: String) throws {
        let target = try DatabaseQueue(path: path)
        try pool.backup(to: target)
        try target.close()
    }

    /// Lets running reads and writes end. Using the database afterwards is an error.
    package func close() throws { try pool.close() }
}
