import Foundation
import GRDB
package import State
import Synchronization

/// The placements of a workspace, and what its events say about items. Reading costs nothing; whoever changes them
/// writes the audit log.
///
/// ```swift
/// let stored = try placements.put(Placement(name: "home", kind: .home))
/// let same = try placements.placement("home")
/// ```
package final class PlacementService: Sendable {
    private let state: StateDatabase
    private let now: @Sendable () -> Int64
    private let known: Mutex<Known>

    private struct Known: Sendable {
        var placements: [String: StoredPlacement]
        var feedback: FeedbackSettings?
        /// Rises with every change.
        var revision = 0
    }

    /// Placements that a workspace may have.
    package static let countMax = 500
    private static let feedbackName = "feedback"

    /// - Throws: `StateError`.
    package init(state: StateDatabase, now: @escaping @Sendable () -> Int64) throws {
        self.state = state
        self.now = now
        let (all, feedback) = try state.read { db in
            (
                try PlacementStore.all(in: db),
                try PlacementStore.setting(Self.feedbackName, as: FeedbackSettings.self, in: db)
            )
        }
        known = Mutex(
            Known(
                placements: Dictionary(all.map { ($0.placement.name, $0) }) { $1 }, feedback: feedback))
    }

    // MARK: Placements

    /// In the order of their names.
    package var all: [StoredPlacement] {
        known.withLock { Array($0.placements.values) }.sorted { $0.placement.name < $1.placement.name }
    }

    package func find(_ name: String) -> StoredPlacement? { known.withLock { $0.placements[name] } }

    /// - Throws: `RecommendationError` with `notFound`.
    package func placement(_ name: String) throws -> StoredPlacement {
        guard let found = find(name) else {
            throw RecommendationError(.notFound, "there is no placement '\(name.prefix(100))'")
        }
        return found
    }

    /// A placement in a database that nobody has open here.
    ///
    /// - Throws: `RecommendationError` with `notFound`; `StateError`.
    package static func placement(_ name: String, in state: StateDatabase) throws -> Placement {
        let all = try state.read { db in
            try db.tableExists("recommendation_placement") ? PlacementStore.all(in: db) : []
        }
        guard let found = all.first(where: { $0.placement.name == name }) else {
            throw RecommendationError(.notFound, "there is no placement '\(name.prefix(100))'")
        }
        return found.placement
    }

    /// What the placement has been, the newest first.
    package func versions(of name: String) throws -> [StoredPlacement] {
        _ = try placement(name)
        return try state.read { try PlacementStore.versions(of: name, in: $0) }
    }

    /// What the placement was at a version, also when it has been deleted since.
    ///
    /// - Throws: `RecommendationError` with `notFound`.
    package func version(_ number: Int, of name: String) throws -> StoredPlacement {
        if let current = find(name), current.version == number { return current }
        let all = try state.read { try PlacementStore.versions(of: name, in: $0) }
        guard let found = all.first(where: { $0.version == number }) else {
            throw RecommendationError(.notFound, "there is no version \(number) of '\(name.prefix(100))' any more")
        }
        return found
    }

    /// Adds a placement, or puts it in place of the one of its name. One that is the same already keeps its version.
    ///
    /// - Throws: `RecommendationError` with `invalid` or `limitExceeded`.
    @discardableResult
    package func put(_ placement: Placement) throws -> StoredPlacement {
        try known.withLock { known in
            if let old = known.placements[placement.name], old.placement == placement { return old }
            try Self.check(placement, known.placements)
            let time = now()
            let stored = try state.write { try PlacementStore.put(placement, now: time, in: $0) }
            known.placements[placement.name] = stored
            known.revision += 1
            return stored
        }
    }

    private static func check(_ placement: Placement, _ others: [String: StoredPlacement]) throws {
        if others[placement.name] == nil, others.count >= countMax {
            throw RecommendationError(
                .limitExceeded, "there are \(countMax) placements, the most there may be: delete one first")
        }
        if placement.name == Placement.Kind.moment.rawValue {
            throw RecommendationError(
                .invalid,
                "'moment' is what is done at a moment of a session, by the settings of intent: take another name")
        }
        guard let name = placement.artworks else { return }
        guard let other = others[name]?.placement, other.kind == .artwork else {
            throw RecommendationError(
                .invalid, "artworks is '\(name)', but there is no placement of the kind artwork with that name")
        }
    }

    /// - Throws: `RecommendationError` with `notFound`, or with `invalid` while another placement needs it.
    package func delete(_ name: String) throws {
        try known.withLock { known in
            guard known.placements[name] != nil else {
                throw RecommendationError(.notFound, "there is no placement '\(name.prefix(100))'")
            }
            let users = known.placements.values.filter { $0.placement.artworks == name }.map(\.placement.name)
            if let user = users.min() {
                throw RecommendationError(
                    .invalid, "'\(name)' chooses the pictures of the placement '\(user)': change that one first")
            }
            try state.write { try PlacementStore.delete(name, in: $0) }
            known.placements[name] = nil
            known.revision += 1
        }
    }

    // MARK: Settings

    /// What events say about items, as somebody has set it; nil: nobody has.
    package var feedback: FeedbackSettings? { known.withLock { $0.feedback } }

    /// The same out of a database that another process may have open, also one of before there were placements.
    package static func feedback(in state: StateDatabase) throws -> FeedbackSettings? {
        try state.read { db in
            guard try db.tableExists("recommendation_setting") else { return nil }
            return try PlacementStore.setting(feedbackName, as: FeedbackSettings.self, in: db)
        }
    }

    /// - Parameter settings: nil goes back to what the names of events suggest.
    package func setFeedback(_ settings: FeedbackSettings?) throws {
        try known.withLock { known in
            try state.write { try PlacementStore.set(Self.feedbackName, settings, in: $0) }
            known.feedback = settings
            known.revision += 1
        }
    }

    /// Rises with every change of a placement or a setting.
    package var revision: Int { known.withLock { $0.revision } }
}
