import Catalog
import EventLog
import Foundation
import Recommendations
import State

/// The catalogue as recommendations see it.
struct CatalogItems: ItemSource {
    let snapshot: CatalogSnapshot

    /// The catalogue of a folder that another process may have open; nil when there is none.
    ///
    /// - Throws: `StateError`.
    static func reading(_ workspace: Workspace) throws -> CatalogItems? {
        guard FileManager.default.fileExists(atPath: workspace.statePath) else { return nil }
        let state = try StateDatabase.openForReading(workspace.statePath)
        defer { try? state.close() }
        // A folder of before there were catalogues has no tables for one.
        guard try CatalogService.exists(in: state) else { return nil }
        let snapshot = try CatalogService(state: state, now: EventLog.systemTime).snapshot()
        return snapshot.items.isEmpty ? nil : CatalogItems(snapshot: snapshot)
    }

    func forEachItem(_ body: (CandidateItem) throws -> Void) throws {
        for (item, created) in zip(snapshot.items, snapshot.createdTimes) {
            try body(CatalogItems.candidate(item, created: created))
        }
    }

    func items(_ ids: [String]) throws -> [CandidateItem] {
        ids.compactMap { id in
            snapshot[id].map { CatalogItems.candidate($0, created: snapshot.createdTime(of: id)) }
        }
    }

    /// - Parameter created: when it came into the catalogue; milliseconds UTC.
    static func candidate(_ item: Item, created: Int64? = nil) -> CandidateItem {
        var attributes: [String: [String]] = [:]
        for (name, value) in item.attributes {
            let texts = texts(value)
            if !texts.isEmpty { attributes[name] = texts }
        }
        let categories = item.categories.flatMap { path in
            path.indices.map { path[...$0].joined(separator: "/") }
        }
        // Windows of a region each are one to recommendations: the region decides in the catalogue, the time here.
        let rights = item.windows.map { ($0.from ?? .min)..<max($0.until ?? .max, ($0.from ?? .min) + 1) }
        let everywhere = item.windows.contains { $0.regions.isEmpty }
        var candidate = CandidateItem(
            id: item.id, kind: item.kind, title: item.name,
            text: [item.name, item.description ?? ""].joined(separator: "\n"),
            attributes: attributes, categories: categories, isAvailable: item.stock.map { $0 > 0 } ?? true,
            rights: rights, regions: everywhere ? [] : Set(item.windows.flatMap(\.regions)),
            since: since(item))
        candidate.addedTime = created
        candidate.artworks = item.artworks.map {
            CandidateArtwork(id: $0.id, url: $0.url, tags: $0.tags, locale: $0.locale)
        }
        candidate.image = item.image
        candidate.url = item.url
        candidate.titles = item.variants.compactMapValues(\.name)
        candidate.parent = item.parent
        candidate.season = item.place?.season
        candidate.position = item.place?.position
        return candidate
    }

    /// Attributes that say when an item came out, the surest first.
    private static let releaseNames = [
        "releaseDate", "release_date", "releasedAt", "released_at", "released", "launchDate", "launch_date", "출시일",
        "공개일", "개봉일",
    ]

    /// When the item became available, as far as the catalogue says so: the beginning of its first window, else the
    /// date of its release. Milliseconds UTC.
    static func since(_ item: Item) -> Int64? {
        let begins = item.windows.map(\.from)
        if !begins.contains(nil), let first = begins.compactMap(\.self).min() { return bounded(first) }
        for name in releaseNames {
            switch item.attributes[name] {
            case .time(let time): return bounded(time)
            case .string(let text):
                if let time = Timestamp.milliseconds(text.count == 10 ? text + "T00:00:00.000Z" : text) { return time }
            default: continue
            }
        }
        return nil
    }

    /// Ages are differences: no time is so far away that they overflow.
    private static func bounded(_ time: Int64) -> Int64 { min(max(time, -1 << 52), 1 << 52) }

    private static func texts(_ value: PropertyValue) -> [String] {
        switch value {
        case .string(let text): [text]
        case .strings(let list): list
        case .number(let number): [number == number.rounded() ? String(format: "%.0f", number) : "\(number)"]
        case .boolean(let flag): flag ? ["true"] : []
        case .numbers, .booleans, .time, .times: []
        }
    }
}
