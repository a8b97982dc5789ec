import Audiences
import Catalog
package import EventLog
import Foundation
package import Recommendations

/// What helps people along in a workspace, and what its items are to them: what to play next and to have ready, where a
/// search leads, what is bought again, what draws and keeps whom.
package struct Guidance: Sendable {
    package let mappings: MappingFiles
    package let playback: PlaybackService
    package let shopping: ShoppingService
    package let content: ContentService

    /// - Parameter audiences: for questions about one; nil where they are not open.
    init(
        workspace: Workspace, log: EventLog, items: any ItemSource, audiences: AudienceService? = nil,
        now: @escaping @Sendable () -> Int64 = EventLog.systemTime
    ) {
        let mappings = MappingFiles(folder: workspace.folder + "/mappings", log: log)
        self.mappings = mappings
        playback = PlaybackService(history: log, items: items, now: now) { try mappings.playback()?.mapping }
        shopping = ShoppingService(history: log, items: items, now: now) { try mappings.shopping()?.mapping }
        content = ContentService(playback: playback, shopping: shopping) { name in
            guard let audiences else {
                throw EngineError(
                    .invalidArgument, "audiences are asked of a server: it keeps who is in '\(name)' up to date")
            }
            var members: [String] = []
            try audiences.forEachMember(name) { page in members += page.map(\.person) }
            return members
        } mapping: {
            if let playback = try mappings.playback()?.mapping { return ContentMapping(playback) }
            return try mappings.shopping().flatMap { ContentMapping($0.mapping) }
        }
    }

    /// What a person began and may go on with; nothing where nothing is played.
    ///
    /// - Throws: `EventLogError`.
    package func started(by person: String) throws -> [Continuing.Started] {
        do {
            return try playback.started(by: person)
        } catch let error as RecommendationError where error.code == .insufficient {
            return []
        }
    }

    /// Sets which events tell what is played; nil goes back to what their names suggest.
    package func set(playback mapping: PlaybackMapping?) throws {
        try mappings.set(playback: mapping)
        playback.forget()
        content.forget()
    }

    /// Sets which events tell what is searched and bought; nil goes back to what their names suggest.
    package func set(shopping mapping: ShoppingMapping?) throws {
        try mappings.set(shopping: mapping)
        shopping.forget()
        content.forget()
    }
}

extension Workspace {
    /// Guidance from a log of this workspace, which another process may have open.
    ///
    /// - Throws: `StateError` when there is a catalogue that cannot be read.
    package func guidance(_ log: EventLog) throws -> Guidance {
        Guidance(workspace: self, log: log, items: try CatalogItems.reading(self) ?? NoItems())
    }
}

/// The catalogue of an open workspace, as it is now.
struct LiveItems: ItemSource {
    let catalog: CatalogService

    func forEachItem(_ body: (CandidateItem) throws -> Void) throws {
        try CatalogItems(snapshot: catalog.snapshot()).forEachItem(body)
    }

    func items(_ ids: [String]) throws -> [CandidateItem] {
        try CatalogItems(snapshot: catalog.snapshot()).items(ids)
    }
}
