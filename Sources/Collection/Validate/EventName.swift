import EventLog

/// Which names an SDK may give to its events.
enum EventName {
    /// Only the product itself appends these: a write key is public, and whoever copies it from a page must not be able
    /// to join two people or to put somebody into an audience.
    private static let reserved = [
        Vocabulary.personMerged, Vocabulary.personSplit, Vocabulary.audienceEntered, Vocabulary.audienceLeft,
        Vocabulary.itemPriceChanged, Vocabulary.itemStockChanged,
    ].map { Array($0.utf8) }

    static func check(_ name: UnsafeRawBufferPointer, field: String) throws {
        // All of them begin with P, A or I.
        guard let first = name.first, first == 0x50 || first == 0x41 || first == 0x49 else { return }
        guard reserved.contains(where: { $0.elementsEqual(name) }) else { return }
        throw EventProblem(
            .invalid, field, "the name '\(String(decoding: name, as: UTF8.self))' is reserved; choose another")
    }
}
