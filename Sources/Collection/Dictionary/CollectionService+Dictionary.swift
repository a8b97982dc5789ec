extension CollectionService {
    /// What people wrote about events and properties, by event.
    package func dictionary() throws -> [DictionaryEntry] { try store.dictionary() }

    /// Writes entries over those of the same names; one without words is taken away.
    ///
    /// - Throws: `CollectionError` with `invalid`.
    package func describe(_ entries: [DictionaryEntry]) throws {
        for entry in entries { try entry.check() }
        try store.save(entries, now: now())
    }
}
