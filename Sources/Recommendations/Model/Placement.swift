import Analysis
import EventLog

/// A place where something is decided for a person: a row on the home page, the goods below the cart, the picture of a
/// title. Its settings say what may be shown, how it is put in order, and what counts as success.
///
/// ```yaml
/// placements:
///   - name: home
///     kind: home
///     rows: 6
///     ranking: { perCategory: 3, diversity: 0.3 }
///     reward: { event: Order Completed, item: products.sku, withinHours: 48 }
/// ```
package struct Placement: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Rows of items.
        case home
        /// What is like the item that is looked at.
        case similar
        /// What comes after the item that was just finished.
        case next
        /// What a search found, in the person's own order.
        case search
        /// What goes with what is in the cart.
        case cart
        /// A list for the person: a push, a mail, a row of its own.
        case list
        /// Which picture of an item.
        case artwork
        /// Which banner, or which offer: one of `actions`.
        case banner
        /// What a message says: one of `actions`, or an item when there are none.
        case push
        /// What to do for somebody at this moment of their session. There is one placement of it, by the kind's name,
        /// which need not be defined; the settings of intent say what it may do.
        case moment

        /// Those that people define.
        package static let defined = allCases.filter { $0 != .moment }

        /// Whether one of several actions is chosen, rather than a list put in order.
        package var choosesActions: Bool { self == .artwork || self == .banner }
    }

    package var name: String
    package var kind: Kind
    package var description: String?
    package var model: String
    /// Items of a list, or of each row.
    package var count: Int
    /// Rows of a page.
    package var rows: Int
    package var ranking: RankingSettings
    /// The placement whose policy chooses the pictures of the items; nil shows the first that fits the language.
    package var artworks: String?
    package var policy: PolicySettings
    package var actions: [PlacementAction]
    /// Events that say which pictures people saw and took before anything was decided, or beside it; for artwork.
    package var impressions: ImpressionSource?
    package var reward: RewardDefinition?
    /// After so long a decision is answered with what everybody chooses.
    package var timeoutMilliseconds: Int

    static let countMax = 100
    static let actionsMax = 100

    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
        model = "default"
        count = 10
        rows = 6
        ranking = RankingSettings()
        policy = PolicySettings()
        actions = []
        timeoutMilliseconds = 100
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a placement",
            allowed: [
                "name", "kind", "description", "model", "count", "rows", "ranking", "artworks", "policy", "actions",
                "impressions", "reward", "timeoutMilliseconds",
                // As it is answered, so that what was read can be sent back changed.
                "version", "updatedAt",
            ])
        let known = decoder.userInfo[.placementName] as? String
        guard let name = try fields.text("name") ?? known else {
            throw fields.error(.missingField, "name", "must be given")
        }
        guard fields.has("kind") else {
            throw fields.error(
                .missingField, "kind",
                "must be given: one of \(Kind.defined.map(\.rawValue).joined(separator: ", "))")
        }
        self.init(name: name, kind: try fields.choice("kind", default: .list))
        if kind == .moment {
            throw fields.error(
                .invalidValue, "kind",
                "is moment, which is there without being defined; the settings of intent say what it may do")
        }
        for (field, text) in [("name", name), ("model", try fields.text("model") ?? model)] {
            guard ModelName.isValid(text) else {
                throw fields.error(
                    .invalidValue, field, "is '\(text)', but must be 1 to 64 letters (a to z), digits, '-' and '_'")
            }
        }
        description = try fields.text("description")
        model = try fields.text("model") ?? model
        count = try fields.integer("count", in: 1...Self.countMax, default: count)
        rows = try fields.integer("rows", in: 1...30, default: rows)
        ranking = try fields.optional("ranking") ?? ranking
        artworks = try fields.text("artworks")
        policy = try fields.optional("policy") ?? policy
        actions = try fields.list("actions", counts: 0...Self.actionsMax) ?? []
        impressions = try fields.optional("impressions")
        reward = try fields.optional("reward")
        timeoutMilliseconds = try fields.integer("timeoutMilliseconds", in: 1...10_000, default: timeoutMilliseconds)
        if (description ?? "").utf8.count > 500 {
            throw fields.error(.limitExceeded, "description", "must be at most 500 bytes long")
        }
        try checkActions(fields)
    }

    private func checkActions(_ fields: Fields) throws {
        var seen: Set<String> = []
        for action in actions where !seen.insert(action.id).inserted {
            throw fields.error(.invalidValue, "actions", "has the id '\(action.id)' a second time")
        }
        if kind == .banner, actions.isEmpty {
            throw fields.error(.missingField, "actions", "must be given: what a banner can be")
        }
        if kind != .banner, kind != .push, !actions.isEmpty {
            throw fields.error(
                .invalidValue, "actions", "are for the kinds banner and push; '\(kind.rawValue)' is about items")
        }
        if impressions != nil, kind != .artwork {
            throw fields.error(
                .invalidValue, "impressions", "are of pictures, for the kind artwork; this is '\(kind.rawValue)'")
        }
        if artworks != nil, kind.choosesActions {
            throw fields.error(.invalidValue, "artworks", "are chosen for items; '\(kind.rawValue)' has none")
        }
    }
}

extension CodingUserInfoKey {
    /// What a placement is called that does not say so itself, because its address does.
    package static let placementName = CodingUserInfoKey(rawValue: "dangol.placementName")!
}

/// One thing that a banner or a message can be.
package struct PlacementAction: Sendable, Hashable, Codable {
    package var id: String
    package var title: String?
    package var image: String?
    package var url: String?
    /// What it is about and how strongly, from 0 to 1: `sale: 1`.
    package var tags: [String: Double]

    package init(_ id: String, title: String? = nil, tags: [String: Double] = [:]) {
        self.id = id
        self.title = title
        self.tags = tags
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "an action", allowed: ["id", "title", "image", "url", "tags"])
        guard let id = try fields.text("id"), id.utf8.count <= 128 else {
            throw fields.error(.missingField, "id", "must be given, of at most 128 bytes")
        }
        self.init(id, title: try fields.text("title"), tags: try fields.optional("tags") ?? [:])
        image = try fields.text("image")
        url = try fields.text("url")
        if let bad = tags.first(where: { !(0...1).contains($0.value) }) {
            throw fields.error(.invalidValue, "tags", "gives '\(bad.key)' \(bad.value), but must be from 0 to 1")
        }
        if tags.count > 100 { throw fields.error(.limitExceeded, "tags", "are more than 100") }
    }
}

/// A placement as it is stored.
package struct StoredPlacement: Sendable, Hashable, Encodable {
    package var placement: Placement
    /// Rises with every change; decisions log it as the version of their policy.
    package var version: Int
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var updatedTime: Int64

    package init(_ placement: Placement, version: Int, updatedTime: Int64) {
        self.placement = placement
        self.version = version
        self.updatedTime = updatedTime
    }

    private enum CodingKeys: String, CodingKey { case version, updatedAt }

    package func encode(to encoder: any Encoder) throws {
        try placement.encode(to: encoder)
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(version, forKey: .version)
        try object.encode(Timestamp.text(updatedTime), forKey: .updatedAt)
    }
}
