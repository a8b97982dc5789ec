/// What one item and one catalogue may hold. Every limit is checked on the way in; nothing is cut silently.
package enum CatalogLimits {
    /// An item's id, in UTF-8 bytes. It is also part of a person's id of the log (`$item:ID`).
    package static let idBytes = 256
    package static let nameBytes = 512
    package static let textBytes = 65_536
    package static let attributes = 256
    package static let attributeNameBytes = 128
    package static let valuesPerAttribute = 1_000
    package static let categories = 32
    package static let categoryLevels = 8
    package static let artworks = 64
    package static let tagsPerArtwork = 64
    package static let locales = 64
    package static let windows = 64
    package static let regionsPerWindow = 256
    /// Items of one workspace.
    package static let items = 2_000_000
    /// Items of one bulk change.
    package static let itemsPerChange = 10_000
    /// A file of items, held in memory while it is read.
    package static let fileBytes = 512 << 20
}
