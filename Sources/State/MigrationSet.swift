package import GRDB

/// The ordered changes that make one module's tables.
///
/// A change that has been released is never edited: a later one corrects it.
package struct MigrationSet: Sendable {
    package typealias Change = @Sendable (Database) throws -> Void

    package struct Migration: Sendable {
        package let name: String
        package let change: Change
    }

    /// The module: tables of different modules share a file.
    package let module: String
    package private(set) var migrations: [Migration] = []

    package init(_ module: String) { self.module = module }

    /// Adds a change that follows those that are here.
    package func adding(_ name: String, _ change: @escaping Change) -> MigrationSet {
        var copy = self
        copy.migrations.append(Migration(name: name, change: change))
        return copy
    }

    /// The same in SQL, of several statements.
    package func adding(_ name: String, sql: String) -> MigrationSet {
        adding(name) { try $0.execute(sql: sql) }
    }

    /// Runs what has not run yet, each change in a transaction of its own.
    static func run(_ sets: [MigrationSet], on pool: DatabasePool) throws {
        var migrator = DatabaseMigrator()
        for set in sets {
            for migration in set.migrations {
                migrator.registerMigration("\(set.module): \(migration.name)", migrate: migration.change)
            }
        }
        let known = Set(migrator.migrations)
        let applied = try pool.read { try migrator.appliedIdentifiers($0) }
        if let unknown = applied.subtracting(known).sorted().first {
            throw StateError(
                .tooNew, "\(pool.path) has been changed by a newer version of the program ('\(unknown)'); use that one")
        }
        try migrator.migrate(pool)
    }
}
