import Analysis
import Foundation
package import State

/// Saved insights, dashboards, shares, annotations and the journey map of one workspace.
package struct InsightService: Sendable {
    private let store: InsightStore
    /// Milliseconds since 1970-01-01T00:00:00Z. Tests inject theirs.
    private let now: @Sendable () -> Int64

    /// Of each kind.
    package static let limit = 10_000

    package init(state: StateDatabase, now: @escaping @Sendable () -> Int64) {
        store = InsightStore(state: state)
        self.now = now
    }

    private func found<Value>(_ value: Value?, _ what: String, _ id: Int64) throws -> Value {
        guard let value else { throw InsightError(.notFound, "there is no \(what) \(id)") }
        return value
    }

    private func requireRoom(_ rows: InsightRows, _ table: String) throws {
        guard try rows.count(table) < Self.limit else {
            throw InsightError(.limitExceeded, "there are \(Self.limit) already; delete some first")
        }
    }

    // MARK: Insights

    /// The latest changed first.
    package func insights() throws -> [Insight] { try store.read { try $0.insights() } }

    /// - Throws: `InsightError` with `notFound`.
    package func insight(_ id: Int64) throws -> Insight {
        try found(store.read { try $0.insight(id) }, "insight", id)
    }

    package func create(_ definition: InsightDefinition, owner: String) throws -> Insight {
        try store.write { rows in
            try requireRoom(rows, "insight")
            let id = try rows.insert(definition, owner: owner, now: now())
            return try found(rows.insight(id), "insight", id)
        }
    }

    package func update(_ id: Int64, to definition: InsightDefinition) throws -> Insight {
        try store.write { rows in
            _ = try rows.update(id, definition, now: now())
            return try found(rows.insight(id), "insight", id)
        }
    }

    /// It leaves the dashboards that it is on, and its links stop working.
    package func deleteInsight(_ id: Int64) throws {
        if try !store.write({ try $0.deleteInsight(id) }) { _ = try found(nil as Insight?, "insight", id) }
    }

    // MARK: Dashboards

    package func dashboards() throws -> [Dashboard] { try store.read { try $0.dashboards() } }

    package func dashboard(_ id: Int64) throws -> Dashboard {
        try found(store.read { try $0.dashboard(id) }, "dashboard", id)
    }

    package func create(_ definition: DashboardDefinition, owner: String) throws -> Dashboard {
        try store.write { rows in
            try requireRoom(rows, "insight_dashboard")
            let id = try rows.insert(definition, owner: owner, now: now())
            return try found(rows.dashboard(id), "dashboard", id)
        }
    }

    package func update(_ id: Int64, to definition: DashboardDefinition) throws -> Dashboard {
        try store.write { rows in
            _ = try rows.update(id, definition, now: now())
            return try found(rows.dashboard(id), "dashboard", id)
        }
    }

    /// Changes what is there at this moment.
    package func change(
        dashboard id: Int64, _ body: (inout DashboardDefinition) throws -> Void
    ) throws -> Dashboard {
        try store.write { rows in
            var definition = try found(rows.dashboard(id), "dashboard", id).definition
            try body(&definition)
            guard definition.tiles.count <= DashboardDefinition.tileLimit else {
                throw InsightError(
                    .limitExceeded, "a dashboard has at most \(DashboardDefinition.tileLimit) tiles", field: "tiles")
            }
            _ = try rows.update(id, definition, now: now())
            return try found(rows.dashboard(id), "dashboard", id)
        }
    }

    package func deleteDashboard(_ id: Int64) throws {
        if try !store.write({ try $0.deleteDashboard(id) }) { _ = try found(nil as Dashboard?, "dashboard", id) }
    }

    // MARK: Annotations

    /// By day.
    ///
    /// - Parameters from, to: days such as `2024-06-10`, both included.
    package func annotations(from: String? = nil, to: String? = nil) throws -> [Annotation] {
        try store.read { try $0.annotations(from: from, to: to) }
    }

    package func annotate(_ definition: AnnotationDefinition, owner: String) throws -> Annotation {
        try store.write { rows in
            try requireRoom(rows, "insight_annotation")
            let time = now()
            let id = try rows.insert(definition, owner: owner, now: time)
            return Annotation(id: id, definition: definition, owner: owner, createdTime: time)
        }
    }

    package func updateAnnotation(_ id: Int64, to definition: AnnotationDefinition) throws -> Annotation {
        try store.write { rows in
            _ = try rows.update(id, definition)
            return try found(
                rows.annotations(from: definition.day, to: definition.day).first { $0.id == id }, "annotation", id)
        }
    }

    package func deleteAnnotation(_ id: Int64) throws {
        if try !store.write({ try $0.deleteAnnotation(id) }) { _ = try found(nil as Annotation?, "annotation", id) }
    }

    // MARK: Shares

    /// The latest first, those that are over too.
    package func shares() throws -> [Share] { try store.read { try $0.shares() } }

    package func shares(of target: Share.Target) throws -> [Share] { try shares().filter { $0.target == target } }

    /// Makes a link. The token is told this once.
    ///
    /// - Parameter days: how long it works, 1 to 366.
    package func share(_ target: Share.Target, days: Int, owner: String) throws -> (share: Share, token: ShareToken) {
        guard Share.days.contains(days) else {
            throw InsightError(
                .invalid, "is \(days), but must be from \(Share.days.lowerBound) to \(Share.days.upperBound)",
                field: "days")
        }
        let token = ShareToken()
        let share = try store.write { rows in
            switch target {
            case .insight(let id): _ = try found(rows.insight(id), "insight", id)
            case .dashboard(let id): _ = try found(rows.dashboard(id), "dashboard", id)
            }
            try requireRoom(rows, "insight_share")
            let time = now()
            let id = try rows.insert(
                target, digest: token.digest, owner: owner, now: time, expires: time + Int64(days) * 86_400_000)
            return try found(rows.share(id), "link", id)
        }
        return (share, token)
    }

    package func revokeShare(_ id: Int64) throws -> Share {
        try store.write { rows in
            try rows.revokeShare(id, now: now())
            return try found(rows.share(id), "link", id)
        }
    }

    /// What a link shows.
    ///
    /// - Throws: `InsightError`: `notFound` for a token that was never given out, `expired` for one that is over.
    package func open(_ token: String) throws -> Share {
        guard let token = ShareToken(token), let share = try store.read({ try $0.share(digest: token.digest) }) else {
            throw InsightError(.notFound, "there is no such link")
        }
        guard share.isOpen(at: now()) else {
            throw InsightError(.expired, "this link has expired; ask for a new one")
        }
        return share
    }

    // MARK: The journey map

    /// Nil when nobody has drawn one: `EventGuess` draws a first one.
    package func journeyMap() throws -> JourneyMapDefinition? { try store.read { try $0.journeyMap() } }

    /// - Parameter definition: nil goes back to what is guessed.
    package func setJourneyMap(_ definition: JourneyMapDefinition?) throws {
        try store.write { try $0.setJourneyMap(definition, now: now()) }
    }
}
