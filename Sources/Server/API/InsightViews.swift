import Analysis
import Engine
import EventLog
import Foundation
import Insights

/// Insights and what belongs to them, as JSON.
struct InsightView: Encodable {
    var id: Int64
    var name: String
    var description: String
    var query: Query
    var view: InsightDefinition.View
    var owner: String
    var createdAt: String
    var updatedAt: String

    init(_ insight: Insight) {
        id = insight.id
        name = insight.definition.name
        description = insight.definition.description
        query = insight.definition.query
        view = insight.definition.view
        owner = insight.owner
        createdAt = Timestamp.text(insight.createdTime)
        updatedAt = Timestamp.text(insight.updatedTime)
    }

    static let query = JSONSchema.object(
        ["kind": .oneOf(Query.Kind.allCases.map(\.rawValue))], isOpen: true)

    static let definition = JSONSchema.object(
        [
            "name": .text(lengths: 1...InsightDefinition.nameLength),
            "description": .text(lengths: 0...InsightDefinition.descriptionLength), "query": query,
            "view": .oneOf(InsightDefinition.View.allCases.map(\.rawValue)),
        ], optional: ["description", "view"])

    static let schema = JSONSchema.object([
        "id": .integer, "name": .text(), "description": .text(), "query": query,
        "view": .oneOf(InsightDefinition.View.allCases.map(\.rawValue)), "owner": .text(), "createdAt": .time,
        "updatedAt": .time,
    ])
}

struct DashboardView: Encodable {
    var id: Int64
    var name: String
    var description: String
    var from: String?
    var to: String?
    var refreshSeconds: Int?
    var tiles: [DashboardTile]
    var owner: String
    var createdAt: String
    var updatedAt: String

    init(_ dashboard: Dashboard) {
        id = dashboard.id
        name = dashboard.definition.name
        description = dashboard.definition.description
        from = dashboard.definition.from?.description
        to = dashboard.definition.to?.description
        refreshSeconds = dashboard.definition.refreshSeconds
        tiles = dashboard.definition.tiles
        owner = dashboard.owner
        createdAt = Timestamp.text(dashboard.createdTime)
        updatedAt = Timestamp.text(dashboard.updatedTime)
    }

    private static let tile = JSONSchema.object(
        [
            "insight": .integer, "text": .text(lengths: 0...DashboardTile.textLength),
            "width": .integer(DashboardTile.widths), "height": .integer(DashboardTile.heights),
        ], optional: ["insight", "text", "width", "height"])

    private static let parts: [String: JSONSchema] = [
        "name": .text(lengths: 1...InsightDefinition.nameLength),
        "description": .text(lengths: 0...InsightDefinition.descriptionLength), "from": .text(), "to": .text(),
        "refreshSeconds": .integer(DashboardDefinition.refreshRange),
        "tiles": .list(tile, counts: 0...DashboardDefinition.tileLimit),
    ]

    static let definition = JSONSchema.object(
        parts, optional: ["description", "from", "to", "refreshSeconds", "tiles"])

    static let schema = JSONSchema.object(
        parts.merging(["id": .integer, "owner": .text(), "createdAt": .time, "updatedAt": .time]) { own, _ in own },
        optional: ["from", "to", "refreshSeconds"])
}

struct AnnotationView: Encodable {
    var id: Int64
    var day: String
    var text: String
    var owner: String
    var createdAt: String

    init(_ annotation: Insights.Annotation) {
        id = annotation.id
        day = annotation.definition.day
        text = annotation.definition.text
        owner = annotation.owner
        createdAt = Timestamp.text(annotation.createdTime)
    }

    static let definition = JSONSchema.object([
        "day": .text(example: "2024-06-10"), "text": .text(lengths: 1...AnnotationDefinition.textLength),
    ])

    static let schema = JSONSchema.object([
        "id": .integer, "day": .text(), "text": .text(), "owner": .text(), "createdAt": .time,
    ])
}

struct ShareView: Encodable {
    var id: Int64
    var insight: Int64?
    var dashboard: Int64?
    var owner: String
    var createdAt: String
    var expiresAt: String
    var revokedAt: String?
    /// Only when it is made.
    var path: String?

    init(_ share: Share, path: String? = nil) {
        id = share.id
        switch share.target {
        case .insight(let id): insight = id
        case .dashboard(let id): dashboard = id
        }
        owner = share.owner
        createdAt = Timestamp.text(share.createdTime)
        expiresAt = Timestamp.text(share.expiresTime)
        revokedAt = share.revokedTime.map(Timestamp.text)
        self.path = path
    }

    static let request = JSONSchema.object(
        ["insight": .integer, "dashboard": .integer, "days": .integer(Share.days)],
        optional: ["insight", "dashboard", "days"])

    static let schema = JSONSchema.object(
        [
            "id": .integer, "insight": .integer, "dashboard": .integer, "owner": .text(), "createdAt": .time,
            "expiresAt": .time, "revokedAt": .time, "path": .text(),
        ], optional: ["insight", "dashboard", "revokedAt", "path"])
}

/// `{"dashboard": 3, "days": 30}`
struct ShareRequest: Decodable {
    var target: Share.Target
    var days: Int

    static let standardDays = 30

    init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "the request", allowed: ["insight", "dashboard", "days"])
        days = try fields.integer("days", in: Share.days, default: Self.standardDays)
        switch (try fields.optional("insight", as: Int.self), try fields.optional("dashboard", as: Int.self)) {
        case (let id?, nil): target = .insight(Int64(id))
        case (nil, let id?): target = .dashboard(Int64(id))
        default:
            throw fields.error(.missingField, "dashboard", "must be given, or an insight, but not both")
        }
    }
}

/// The journey map's stages, and whether they are only guessed.
struct JourneyMapView: Encodable {
    var stages: [JourneyStage]
    var isGuessed: Bool
}
