package import State

/// The tables of the catalogue. It is defined by people and their systems, not derived from the log.
package enum CatalogMigrations {
    static let texts = TextIndex("catalog_item")

    package static let all = MigrationSet("catalog").adding(
        "items, categories and prices",
        sql: """
            CREATE TABLE catalog_item (
                number INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                kind TEXT NOT NULL,
                name TEXT NOT NULL,
                parent TEXT,
                price REAL,
                document BLOB NOT NULL,
                created_time INTEGER NOT NULL,
                updated_time INTEGER NOT NULL,
                deleted_time INTEGER
            );
            CREATE INDEX catalog_item_kind ON catalog_item (kind);
            CREATE INDEX catalog_item_parent ON catalog_item (parent) WHERE parent IS NOT NULL;
            CREATE INDEX catalog_item_updated ON catalog_item (updated_time);
            -- One row for each level of each path of an item: 'a', 'a>b', 'a>b>c'.
            CREATE TABLE catalog_category (
                path TEXT NOT NULL,
                item INTEGER NOT NULL,
                PRIMARY KEY (path, item)
            ) WITHOUT ROWID;
            CREATE INDEX catalog_category_item ON catalog_category (item);
            CREATE TABLE catalog_price (
                item INTEGER NOT NULL,
                time INTEGER NOT NULL,
                amount REAL,
                currency TEXT,
                list_amount REAL,
                PRIMARY KEY (item, time)
            ) WITHOUT ROWID;
            -- One row: how often the catalogue changed.
            CREATE TABLE catalog_version (version INTEGER NOT NULL);
            INSERT INTO catalog_version VALUES (0);
            \(texts.schema)
            """
    ).adding(
        "stock of items",
        sql: """
            ALTER TABLE catalog_item ADD COLUMN stock INTEGER;
            UPDATE catalog_item SET stock = json_extract(CAST(document AS TEXT), '$.stock');
            CREATE INDEX catalog_item_stock ON catalog_item (stock) WHERE stock IS NOT NULL;
            """)
}
