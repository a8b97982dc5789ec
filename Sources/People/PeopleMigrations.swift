package import State

/// The module's tables.
///
/// All but `people_setting`, `suppression` and `person_deletion` are derived from the log: `PeopleProjection.reset`
/// empties them, and reading the log from the start fills them again.
package enum PeopleMigrations {
    package static let all = MigrationSet("people")
        .adding("tables", sql: tables)
        .adding("visits", sql: visits)

    /// Tables that a rebuild empties.
    static let derived = [
        "identity", "person", "visit", "trait", "device", "membership", "person_group", "group_trait",
        "group_contributor",
        "consent", "address", "merge", "apart", "identity_warning", "log_change", "person_search", "person_pair",
    ]

    /// What nearly every event changes about its person, apart from what hardly one does: a narrow row, so that a
    /// hundred of them lie on a page, and writing a thousand persons' visits writes few pages.
    private static let visits = """
        CREATE TABLE visit (
            person INTEGER PRIMARY KEY,
            events INTEGER NOT NULL,
            last_time INTEGER NOT NULL,
            locale_time INTEGER, locale_sequence INTEGER,
            zone_time INTEGER, zone_sequence INTEGER
        );
        INSERT INTO visit (person, events, last_time, locale_time, locale_sequence, zone_time, zone_sequence)
            SELECT number, events, last_time, locale_time, locale_sequence, zone_time, zone_sequence FROM person;
        ALTER TABLE person DROP COLUMN events;
        ALTER TABLE person DROP COLUMN last_time;
        ALTER TABLE person DROP COLUMN locale_time;
        ALTER TABLE person DROP COLUMN locale_sequence;
        ALTER TABLE person DROP COLUMN zone_time;
        ALTER TABLE person DROP COLUMN zone_sequence;
        """

    private static let tables = """
        CREATE TABLE people_setting (name TEXT NOT NULL PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
        CREATE TABLE identity (
            id TEXT NOT NULL PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            person INTEGER NOT NULL,
            is_user INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX identity_person ON identity (person);
        CREATE TABLE person (
            number INTEGER PRIMARY KEY,
            canonical TEXT NOT NULL,
            is_identified INTEGER NOT NULL,
            ids INTEGER NOT NULL,
            refuses_tracking INTEGER NOT NULL,
            name TEXT,
            role TEXT NOT NULL,
            events INTEGER NOT NULL,
            created_time INTEGER NOT NULL,
            first_time INTEGER NOT NULL,
            first_sequence INTEGER NOT NULL,
            last_time INTEGER NOT NULL,
            cleared_time INTEGER NOT NULL,
            locale TEXT, locale_time INTEGER, locale_sequence INTEGER,
            zone TEXT, zone_time INTEGER, zone_sequence INTEGER,
            referrer TEXT, url TEXT, utm_source TEXT, utm_medium TEXT, utm_campaign TEXT, utm_term TEXT,
            utm_content TEXT
        );
        CREATE TABLE trait (
            person INTEGER NOT NULL,
            name TEXT NOT NULL,
            type INTEGER,
            value,
            time INTEGER NOT NULL,
            base_time INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            source INTEGER NOT NULL,
            source_event TEXT NOT NULL,
            source_detail TEXT NOT NULL,
            PRIMARY KEY (person, name)
        ) WITHOUT ROWID;
        CREATE INDEX trait_name ON trait (name);
        CREATE TABLE device (
            person INTEGER NOT NULL,
            id TEXT NOT NULL,
            kind TEXT, model TEXT, system TEXT, push_token TEXT,
            first_time INTEGER NOT NULL,
            last_time INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            PRIMARY KEY (person, id)
        ) WITHOUT ROWID;
        CREATE TABLE membership (
            person INTEGER NOT NULL,
            type TEXT NOT NULL,
            id TEXT NOT NULL,
            since INTEGER NOT NULL,
            PRIMARY KEY (person, type, id)
        ) WITHOUT ROWID;
        CREATE INDEX membership_group ON membership (type, id);
        CREATE TABLE person_group (
            type TEXT NOT NULL,
            id TEXT NOT NULL,
            first_time INTEGER NOT NULL,
            cleared_time INTEGER NOT NULL,
            PRIMARY KEY (type, id)
        ) WITHOUT ROWID;
        CREATE TABLE group_trait (
            group_type TEXT NOT NULL,
            group_id TEXT NOT NULL,
            name TEXT NOT NULL,
            type INTEGER,
            value,
            time INTEGER NOT NULL,
            base_time INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            source INTEGER NOT NULL,
            source_event TEXT NOT NULL,
            source_detail TEXT NOT NULL,
            PRIMARY KEY (group_type, group_id, name)
        ) WITHOUT ROWID;
        CREATE TABLE group_contributor (
            type TEXT NOT NULL,
            id TEXT NOT NULL,
            identity TEXT NOT NULL,
            PRIMARY KEY (identity, type, id)
        ) WITHOUT ROWID;
        CREATE INDEX group_contributor_group ON group_contributor (type, id);
        CREATE TABLE consent (
            sequence INTEGER PRIMARY KEY,
            person INTEGER NOT NULL,
            identity TEXT NOT NULL,
            time INTEGER NOT NULL,
            purpose TEXT NOT NULL,
            channel TEXT,
            period INTEGER NOT NULL,
            granted INTEGER NOT NULL,
            text TEXT, version TEXT, source TEXT, address_hash TEXT
        );
        CREATE INDEX consent_person ON consent (person);
        CREATE TABLE address (
            channel TEXT NOT NULL,
            value TEXT NOT NULL,
            person INTEGER NOT NULL,
            PRIMARY KEY (channel, value, person)
        ) WITHOUT ROWID;
        CREATE INDEX address_person ON address (person);
        CREATE TABLE merge (
            sequence INTEGER NOT NULL,
            alias TEXT NOT NULL,
            person TEXT NOT NULL,
            cause INTEGER NOT NULL,
            time INTEGER NOT NULL,
            split_sequence INTEGER,
            split_time INTEGER,
            PRIMARY KEY (sequence, alias)
        ) WITHOUT ROWID;
        CREATE INDEX merge_alias ON merge (alias);
        CREATE INDEX merge_person ON merge (person);
        CREATE TABLE apart (
            alias TEXT NOT NULL,
            person TEXT NOT NULL,
            PRIMARY KEY (alias, person)
        ) WITHOUT ROWID;
        CREATE TABLE identity_warning (
            kind INTEGER NOT NULL,
            alias TEXT NOT NULL,
            person TEXT NOT NULL,
            count INTEGER NOT NULL,
            first_sequence INTEGER NOT NULL,
            last_sequence INTEGER NOT NULL,
            last_time INTEGER NOT NULL,
            PRIMARY KEY (kind, alias, person)
        ) WITHOUT ROWID;
        CREATE TABLE log_change (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            kind INTEGER NOT NULL,
            alias TEXT NOT NULL,
            person TEXT NOT NULL
        );
        CREATE VIRTUAL TABLE person_search USING fts5 (text, tokenize = 'trigram', detail = full);
        CREATE TABLE person_pair (
            pair TEXT NOT NULL,
            person INTEGER NOT NULL,
            PRIMARY KEY (pair, person)
        ) WITHOUT ROWID;
        CREATE INDEX person_pair_person ON person_pair (person);
        CREATE TABLE suppression (
            hash BLOB NOT NULL PRIMARY KEY,
            filter INTEGER NOT NULL,
            time INTEGER NOT NULL,
            until_sequence INTEGER
        ) WITHOUT ROWID;
        CREATE TABLE person_deletion (
            receipt TEXT NOT NULL PRIMARY KEY,
            time INTEGER NOT NULL,
            finished_time INTEGER,
            digest TEXT NOT NULL,
            counts TEXT NOT NULL,
            ids TEXT,
            groups TEXT
        ) WITHOUT ROWID;
        """
}
