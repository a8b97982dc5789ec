import Analysis
import Foundation
import GRDB

extension InsightRows {
    private static let columns = """
        id, name, description, range_from, range_to, refresh_seconds, owner, created_time, updated_time
        """

    /// The latest changed first.
    func dashboards() throws -> [Dashboard] {
        let sql = "SELECT \(Self.columns) FROM insight_dashboard ORDER BY updated_time DESC, id DESC"
        return try Row.fetchAll(db.cachedStatement(sql: sql)).map(dashboard)
    }

    func dashboard(_ id: Int64) throws -> Dashboard? {
        let sql = "SELECT \(Self.columns) FROM insight_dashboard WHERE id = ?"
        return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [id]).map(dashboard)
    }

    private func dashboard(_ row: Row) throws -> Dashboard {
        let (from, to): (String?, String?) = (row["range_from"], row["range_to"])
        let id: Int64 = row["id"]
        return Dashboard(
            id: id,
            definition: DashboardDefinition(
                row["name"], description: row["description"], from: from.flatMap { DayPoint($0) },
                to: to.flatMap { DayPoint($0) }, refreshSeconds: row["refresh_seconds"], tiles: try tiles(id)),
            owner: row["owner"], createdTime: row["created_time"], updatedTime: row["updated_time"])
    }

    private func tiles(_ dashboard: Int64) throws -> [DashboardTile] {
        let sql = "SELECT insight, text, width, height FROM insight_tile WHERE dashboard = ? ORDER BY position"
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [dashboard]).map { row in
            let (insight, text): (Int64?, String?) = (row["insight"], row["text"])
            return DashboardTile(
                insight.map { .insight($0) } ?? .text(text ?? ""), width: row["width"], height: row["height"])
        }
    }

    func insert(_ definition: DashboardDefinition, owner: String, now: Int64) throws -> Int64 {
        try db.execute(
            sql: """
                INSERT INTO insight_dashboard (name, description, owner, created_time, updated_time)
                VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [definition.name, definition.description, owner, now, now])
        let id = db.lastInsertedRowID
        _ = try update(id, definition, now: now)
        return id
    }

    /// Whether there is such a dashboard.
    ///
    /// - Throws: `InsightError` with `notFound` for a tile of an insight that is not there.
    func update(_ id: Int64, _ definition: DashboardDefinition, now: Int64) throws -> Bool {
        try db.execute(
            sql: """
                UPDATE insight_dashboard SET name = ?, description = ?, range_from = ?, range_to = ?,
                    refresh_seconds = ?, updated_time = ? WHERE id = ?
                """,
            arguments: [
                definition.name, definition.description, definition.from?.description, definition.to?.description,
                definition.refreshSeconds, now, id,
            ])
        guard db.changesCount > 0 else { return false }
        try db.execute(sql: "DELETE FROM insight_tile WHERE dashboard = ?", arguments: [id])
        for (position, tile) in definition.tiles.enumerated() {
            var (insight, text): (Int64?, String?) = (nil, nil)
            switch tile.content {
            case .insight(let wanted):
                guard try self.insight(wanted) != nil else {
                    throw InsightError(
                        .notFound, "there is no insight \(wanted)", field: "tiles[\(position)].insight")
                }
                insight = wanted
            case .text(let words): text = words
            }
            try db.execute(
                sql: """
                    INSERT INTO insight_tile (dashboard, position, insight, text, width, height)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [id, position, insight, text, tile.width, tile.height])
        }
        return true
    }

    func deleteDashboard(_ id: Int64) throws -> Bool {
        try db.execute(sql: "DELETE FROM insight_dashboard WHERE id = ?", arguments: [id])
        return db.changesCount > 0
    }
}

// MARK: - Shares

extension InsightRows {
    private static let shareColumns = "id, insight, dashboard, owner, created_time, expires_time, revoked_time"

    /// The latest first.
    func shares() throws -> [Share] {
        let sql = "SELECT \(Self.shareColumns) FROM insight_share ORDER BY id DESC"
        return try Row.fetchAll(db.cachedStatement(sql: sql)).map(Self.share)
    }

    func share(_ id: Int64) throws -> Share? {
        let sql = "SELECT \(Self.shareColumns) FROM insight_share WHERE id = ?"
        return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [id]).map(Self.share)
    }

    func share(digest: Data) throws -> Share? {
        let sql = "SELECT \(Self.shareColumns) FROM insight_share WHERE digest = ?"
        return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [digest]).map(Self.share)
    }

    private static func share(_ row: Row) -> Share {
        let (insight, dashboard): (Int64?, Int64?) = (row["insight"], row["dashboard"])
        return Share(
            id: row["id"], target: insight.map { .insight($0) } ?? .dashboard(dashboard ?? 0), owner: row["owner"],
            createdTime: row["created_time"], expiresTime: row["expires_time"], revokedTime: row["revoked_time"])
    }

    func insert(_ target: Share.Target, digest: Data, owner: String, now: Int64, expires: Int64) throws -> Int64 {
        var (insight, dashboard): (Int64?, Int64?) = (nil, nil)
        switch target {
        case .insight(let id): insight = id
        case .dashboard(let id): dashboard = id
        }
        try db.execute(
            sql: """
                INSERT INTO insight_share (digest, insight, dashboard, owner, created_time, expires_time)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [digest, insight, dashboard, owner, now, expires])
        return db.lastInsertedRowID
    }

    func revokeShare(_ id: Int64, now: Int64) throws {
        try db.execute(
            sql: "UPDATE insight_share SET revoked_time = ? WHERE id = ? AND revoked_time IS NULL",
            arguments: [now, id])
    }
}
