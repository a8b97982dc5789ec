package import State

/// One row, because a workspace has one set of settings: JSON, so that a further setting needs no further column.
package enum LifecycleMigrations {
    package static let all = MigrationSet("lifecycle").adding(
        "intent settings",
        sql: """
            CREATE TABLE intent_settings (
                only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
                settings TEXT NOT NULL
            );
            """)
}
