import Synchronization

/// What pictures of the catalogue show, by their ids: for events that name no more than those.
final class ArtworkTable: Sendable {
    private struct Tables: Sendable {
        var version: Int64 = -1
        /// When the catalogue's version was looked at, in milliseconds.
        var checkedTime: Int64 = .min
        /// By item and picture, and by picture alone, where no other item has one of that id.
        var ofItem: [String: [String: Double]] = [:]
        var alone: [String: [String: Double]?] = [:]
    }

    private let items: any ItemSource
    private let now: @Sendable () -> Int64
    private let tables = Mutex(Tables())

    /// The catalogue is looked at so often.
    private static let checkMilliseconds: Int64 = 5_000

    init(_ items: any ItemSource, now: @escaping @Sendable () -> Int64) {
        self.items = items
        self.now = now
    }

    /// - Parameter item: whose picture it is; nil when events do not say.
    /// - Returns: nil for a picture that the catalogue does not have.
    func tags(_ artwork: String, of item: String?) -> [String: Double]? {
        tables.withLock { tables in
            refresh(&tables)
            if let item, let tags = tables.ofItem[item + "\u{1F}" + artwork] { return tags }
            return tables.alone[artwork] ?? nil
        }
    }

    /// A catalogue that cannot be read leaves what was known of it.
    private func refresh(_ tables: inout Tables) {
        let time = now()
        guard tables.version < 0 || abs(time - tables.checkedTime) >= Self.checkMilliseconds else { return }
        tables.checkedTime = time
        guard let version = try? items.version(), version != tables.version else { return }
        var fresh = Tables(version: version, checkedTime: time)
        do {
            try items.forEachItem { item in
                for artwork in item.artworks {
                    fresh.ofItem[item.id + "\u{1F}" + artwork.id] = artwork.tags
                    fresh.alone[artwork.id] = .some(fresh.alone[artwork.id] == nil ? artwork.tags : nil)
                }
            }
            tables = fresh
        } catch {
            return
        }
    }
}
