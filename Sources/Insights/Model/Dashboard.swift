package import Analysis

/// Insights side by side, with words between them.
package struct Dashboard: Sendable, Hashable {
    package var id: Int64
    package var definition: DashboardDefinition
    package var owner: String
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var createdTime: Int64
    package var updatedTime: Int64

    package init(
        id: Int64, definition: DashboardDefinition, owner: String, createdTime: Int64, updatedTime: Int64
    ) {
        self.id = id
        self.definition = definition
        self.owner = owner
        self.createdTime = createdTime
        self.updatedTime = updatedTime
    }
}

/// What people say of a dashboard:
///
/// ```json
/// {"name": "주간 현황", "from": "-28d", "to": "0d", "refreshSeconds": 300,
///  "tiles": [{"insight": 3, "width": 6, "height": 2}, {"text": "## 이번 주", "width": 12, "height": 1}]}
/// ```
package struct DashboardDefinition: Sendable, Hashable, Codable {
    package var name: String
    package var description: String
    /// Days that replace those of the insights, when given.
    package var from: DayPoint?
    package var to: DayPoint?
    /// How often an open page asks again; nil is never.
    package var refreshSeconds: Int?
    package var tiles: [DashboardTile]

    package static let tileLimit = 60
    package static let refreshRange = 15...86_400

    package init(
        _ name: String, description: String = "", from: DayPoint? = nil, to: DayPoint? = nil,
        refreshSeconds: Int? = nil, tiles: [DashboardTile] = []
    ) {
        self.name = name
        self.description = description
        self.from = from
        self.to = to
        self.refreshSeconds = refreshSeconds
        self.tiles = tiles
    }

    package static let fields = ["name", "description", "from", "to", "refreshSeconds", "tiles"]

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a dashboard", allowed: Self.fields)
        try self.init(frame: fields)
        tiles = try fields.list("tiles", counts: 0...Self.tileLimit) ?? []
    }

    /// All but the tiles.
    package init(frame fields: Fields) throws {
        name = try fields.name()
        description = try fields.description()
        from = try fields.optional("from")
        to = try fields.optional("to")
        refreshSeconds =
            fields.has("refreshSeconds")
            ? try fields.integer("refreshSeconds", in: Self.refreshRange, default: 300) : nil
        tiles = []
    }

    /// A query with the days of the dashboard in place of its own; the zone stays.
    package func applied(to query: Query) -> Query {
        guard from != nil || to != nil else { return query }
        var query = query
        query.range = DateRange(from: from, to: to, timeZone: query.range.timeZone)
        return query
    }
}

/// One part of a dashboard, in a grid of twelve columns that fills row by row.
package struct DashboardTile: Sendable, Hashable, Codable {
    package enum Content: Sendable, Hashable {
        case insight(Int64)
        /// Lines; a line that begins with `#` is a heading.
        case text(String)
    }

    package var content: Content
    /// Columns of twelve.
    package var width: Int
    /// Rows.
    package var height: Int

    package static let widths = 3...12
    package static let heights = 1...4
    package static let textLength = 4_000

    package init(_ content: Content, width: Int = 6, height: Int = 2) {
        self.content = content
        self.width = width
        self.height = height
    }

    package init(from decoder: any Decoder) throws {
        let parts = try TileParts<Int>(decoder)
        switch parts.content {
        case .insight(let id): content = .insight(Int64(id))
        case .text(let text): content = .text(text)
        }
        (width, height) = (parts.width, parts.height)
    }

    private enum Key: String, CodingKey { case insight, text, width, height }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch content {
        case .insight(let id): try container.encode(id, forKey: .insight)
        case .text(let text): try container.encode(text, forKey: .text)
        }
        try container.encode(width, forKey: .width)
        try container.encode(height, forKey: .height)
    }
}

/// A tile as it is read, strictly, whatever it names its insight by: a number, or in files of people a name.
package struct TileParts<Reference: Decodable> {
    package enum Content {
        case insight(Reference)
        case text(String)
    }

    package var content: Content
    package var width: Int
    package var height: Int

    /// - Throws: `QueryError` with the field.
    package init(_ decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a tile", allowed: ["insight", "text", "width", "height"])
        switch (try fields.optional("insight", as: Reference.self), try fields.optional("text", as: String.self)) {
        case (let insight?, nil): content = .insight(insight)
        case (nil, let text?):
            guard text.count <= DashboardTile.textLength else {
                throw fields.error(
                    .limitExceeded, "text", "must have at most \(DashboardTile.textLength) characters")
            }
            content = .text(text)
        case (nil, nil): throw fields.error(.missingField, "insight", "must be given, or a text")
        case (.some, .some): throw fields.error(.conflict, "text", "cannot be given beside an insight")
        }
        width = try fields.integer("width", in: DashboardTile.widths, default: 6)
        height = try fields.integer("height", in: DashboardTile.heights, default: 2)
    }
}
