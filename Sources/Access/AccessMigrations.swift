package import State

/// The tables of the control database.
package enum AccessMigrations {
    package static let all = MigrationSet("access").adding(
        "access",
        sql: """
            CREATE TABLE workspace (
                name TEXT NOT NULL PRIMARY KEY,
                created_time INTEGER NOT NULL
            );
            CREATE TABLE access_key (
                id TEXT NOT NULL PRIMARY KEY,
                workspace TEXT NOT NULL,
                kind TEXT NOT NULL,
                name TEXT NOT NULL,
                scopes TEXT NOT NULL,
                display TEXT NOT NULL,
                digest BLOB NOT NULL UNIQUE,
                created_time INTEGER NOT NULL,
                revoked_time INTEGER
            );
            CREATE TABLE user (
                id TEXT NOT NULL PRIMARY KEY,
                email TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL,
                password TEXT NOT NULL,
                created_time INTEGER NOT NULL
            );
            CREATE TABLE user_role (
                user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
                workspace TEXT NOT NULL,
                role TEXT NOT NULL,
                PRIMARY KEY (user_id, workspace)
            );
            CREATE TABLE session (
                digest BLOB NOT NULL PRIMARY KEY,
                user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
                created_time INTEGER NOT NULL,
                seen_time INTEGER NOT NULL
            );
            CREATE INDEX session_user ON session (user_id);
            CREATE TABLE setup_link (
                digest BLOB NOT NULL PRIMARY KEY,
                expires_time INTEGER NOT NULL
            );
            CREATE TABLE audit (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                time INTEGER NOT NULL,
                actor_kind TEXT NOT NULL,
                actor_id TEXT NOT NULL,
                actor_name TEXT NOT NULL,
                address TEXT,
                workspace TEXT,
                action TEXT NOT NULL,
                target TEXT NOT NULL,
                detail TEXT NOT NULL
            );
            CREATE INDEX audit_workspace ON audit (workspace, id);
            CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
                BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
            CREATE TRIGGER audit_is_never_shortened BEFORE DELETE ON audit
                BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
            CREATE TABLE access_revision (
                only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
                revision INTEGER NOT NULL
            );
            INSERT INTO access_revision VALUES (1, 1);
            """
    ).adding(
        "sign-in links",
        sql: """
            CREATE TABLE sign_in_link (
                digest BLOB NOT NULL PRIMARY KEY,
                user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
                expires_time INTEGER NOT NULL
            );
            """)
}
