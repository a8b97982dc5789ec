package import State

/// The tables of audiences.
package enum AudienceMigrations {
    package static let all = MigrationSet("audiences").adding(
        "audiences, members and sizes",
        sql: """
            CREATE TABLE audience (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                name TEXT NOT NULL UNIQUE,
                description TEXT NOT NULL,
                predicate TEXT,
                version INTEGER NOT NULL,
                created_time INTEGER NOT NULL,
                updated_time INTEGER NOT NULL,
                evaluated_time INTEGER,
                size INTEGER NOT NULL DEFAULT 0
            );
            CREATE TABLE audience_version (
                audience INTEGER NOT NULL,
                version INTEGER NOT NULL,
                predicate TEXT,
                changed_time INTEGER NOT NULL,
                PRIMARY KEY (audience, version)
            );
            -- The state of a person's evaluation: one bit for each audience id, how often they changed, and when time
            -- alone may change them.
            CREATE TABLE audience_person (
                person INTEGER PRIMARY KEY AUTOINCREMENT,
                id TEXT NOT NULL UNIQUE,
                audiences BLOB NOT NULL,
                changes INTEGER NOT NULL,
                due_time INTEGER
            );
            CREATE INDEX audience_person_due ON audience_person (due_time) WHERE due_time IS NOT NULL;
            CREATE TABLE audience_member (
                audience INTEGER NOT NULL,
                person INTEGER NOT NULL,
                since_time INTEGER NOT NULL,
                PRIMARY KEY (audience, person)
            ) WITHOUT ROWID;
            CREATE TABLE audience_size (
                audience INTEGER NOT NULL,
                hour_time INTEGER NOT NULL,
                size INTEGER NOT NULL,
                entered INTEGER NOT NULL,
                departed INTEGER NOT NULL,
                PRIMARY KEY (audience, hour_time)
            ) WITHOUT ROWID
            """)
}
