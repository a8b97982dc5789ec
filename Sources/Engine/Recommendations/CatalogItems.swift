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
        for item in snapshot.items { try body(CatalogItems.candidate(item)) }
    }

    func items(_ ids: [String]) throws -> [CandidateItem] {
        ids.compactMap { snapshot[$0].map(CatalogItems.candidate) }
    }

    static func candidate(_ item: Item) -> CandidateItem {
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
            rights: rights, regions: everywhere ? [] : Set(item.windows.flatMap(\.regions)))
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
