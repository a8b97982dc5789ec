package import State

/// What people define of recommendations. Models are files; decisions are events.
package enum RecommendationMigrations {
    package static let all = MigrationSet("recommendations").adding(
        "placements",
        sql: """
            CREATE TABLE recommendation_placement (
                name TEXT NOT NULL PRIMARY KEY,
                version INTEGER NOT NULL,
                updated_time INTEGER NOT NULL,
                document TEXT NOT NULL
            );
            CREATE TABLE recommendation_placement_version (
                name TEXT NOT NULL,
                version INTEGER NOT NULL,
                updated_time INTEGER NOT NULL,
                document TEXT NOT NULL,
                PRIMARY KEY (name, version)
            );
            CREATE TABLE recommendation_setting (
                name TEXT NOT NULL PRIMARY KEY,
                document TEXT NOT NULL
            );
            """
    )
    .adding(
        "policies",
        sql: """
            CREATE TABLE recommendation_policy (
                placement TEXT NOT NULL PRIMARY KEY,
                state BLOB NOT NULL
            )
            """)
}
