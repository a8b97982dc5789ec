package import State

/// The tables of insights. Nothing in them is derived from the log.
package enum InsightMigrations {
    package static let all = MigrationSet("insights").adding(
        "insights, dashboards, shares, annotations and the journey map",
        sql: """
            CREATE TABLE insight (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                name TEXT NOT NULL,
                description TEXT NOT NULL,
                query TEXT NOT NULL,
                view TEXT NOT NULL,
                owner TEXT NOT NULL,
                created_time INTEGER NOT NULL,
                updated_time INTEGER NOT NULL
            );
            CREATE TABLE insight_dashboard (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                name TEXT NOT NULL,
                description TEXT NOT NULL,
                range_from TEXT,
                range_to TEXT,
                refresh_seconds INTEGER,
                owner TEXT NOT NULL,
                created_time INTEGER NOT NULL,
                updated_time INTEGER NOT NULL
            );
            CREATE TABLE insight_tile (
                dashboard INTEGER NOT NULL REFERENCES insight_dashboard (id) ON DELETE CASCADE,
                position INTEGER NOT NULL,
                insight INTEGER REFERENCES insight (id) ON DELETE CASCADE,
                text TEXT,
                width INTEGER NOT NULL,
                height INTEGER NOT NULL,
                PRIMARY KEY (dashboard, position)
            );
            CREATE INDEX insight_tile_insight ON insight_tile (insight);
            CREATE TABLE insight_share (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                digest BLOB NOT NULL UNIQUE,
                insight INTEGER REFERENCES insight (id) ON DELETE CASCADE,
                dashboard INTEGER REFERENCES insight_dashboard (id) ON DELETE CASCADE,
                owner TEXT NOT NULL,
                created_time INTEGER NOT NULL,
                expires_time INTEGER NOT NULL,
                revoked_time INTEGER
            );
            CREATE TABLE insight_annotation (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                day TEXT NOT NULL,
                text TEXT NOT NULL,
                owner TEXT NOT NULL,
                created_time INTEGER NOT NULL
            );
            CREATE INDEX insight_annotation_day ON insight_annotation (day);
            CREATE TABLE insight_journey_map (
                id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
                stages TEXT NOT NULL,
                updated_time INTEGER NOT NULL
            )
            """)
}
