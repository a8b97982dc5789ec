package import State

/// The tables of collection. Nothing in them is derived from the log.
package enum CollectionMigrations {
    package static let all = MigrationSet("collection").adding(
        "dead letters, violations and settings",
        sql: """
            CREATE TABLE collection_dead_letter (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                endpoint TEXT NOT NULL,
                reason TEXT NOT NULL,
                field TEXT NOT NULL,
                text BLOB NOT NULL,
                text_bytes INTEGER NOT NULL,
                is_body INTEGER NOT NULL,
                is_complete INTEGER NOT NULL,
                received_time INTEGER NOT NULL,
                correction INTEGER NOT NULL
            );
            CREATE TABLE collection_violation (
                event TEXT NOT NULL,
                property TEXT NOT NULL,
                reason TEXT NOT NULL,
                count INTEGER NOT NULL,
                first_time INTEGER NOT NULL,
                last_time INTEGER NOT NULL,
                PRIMARY KEY (event, property, reason)
            );
            CREATE TABLE collection_setting (
                name TEXT NOT NULL PRIMARY KEY,
                value TEXT NOT NULL
            )
            """
    ).adding(
        "data dictionary",
        sql: """
            CREATE TABLE collection_dictionary (
                event TEXT NOT NULL,
                property TEXT NOT NULL,
                text TEXT NOT NULL,
                owner TEXT NOT NULL,
                changed_time INTEGER NOT NULL,
                PRIMARY KEY (event, property)
            )
            """)
}
