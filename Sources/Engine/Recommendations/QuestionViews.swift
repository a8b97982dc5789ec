import Analysis
import People
package import Recommendations

/// A page of rows for a person, asked of a model without a placement.
package struct ModelPageView: Codable, Sendable {
    package struct Row: Codable, Sendable {
        /// `for-you`, `because:ITEM`, `trending`, `new`, `continue`.
        package var id: String
        package var title: String
        package var items: [Item]
    }

    package struct Item: Codable, Sendable {
        package var item: String
        package var title: String
        /// What rows are put together by, from 0 to 1. By convention, so no probability: a placement that has seen
        /// clicks knows better.
        package var worth: Double
        /// How far they got, in the row of what they began.
        package var why: String?
    }

    package var person: String
    package var model: String
    package var version: Int
    package var rows: [Row]
    package var notes: [String]

    package init(_ recommender: Recommender, _ body: ModelPageBody, started: [Continuing.Started]) throws {
        person = body.person
        model = recommender.model.settings.name
        version = recommender.version
        notes = recommender.notes
        var shape = Page.Shape()
        shape.rows = body.rows
        shape.itemsPerRow = body.count
        let open = recommender.unfinished(started, of: body.person, region: body.region).map(\.started)
        let reasons = Dictionary(open.map { ($0.item, $0.reason.text(korean: body.korean)) }) { first, _ in first }
        let page = try recommender.page(for: body.person, started: open, shape: shape, region: body.region)
        rows = page.map { row in
            Row(
                id: row.id, title: RowTitle.of(row.id, korean: body.korean) { recommender.title(of: $0) },
                items: zip(row.items, row.values).map { item, worth in
                    Item(
                        item: item, title: recommender.title(of: item), worth: worth,
                        why: row.id == "continue" ? reasons[item] : nil)
                })
        }
    }
}

/// Which page is asked for.
package struct ModelPageBody: Codable, Sendable {
    package var person: String
    package var model: String
    package var rows: Int
    /// Items of each row.
    package var count: Int
    package var region: String?
    package var language: String?

    package var korean: Bool { language == "ko" }

    package init(
        person: String, model: String = "default", rows: Int = 8, count: Int = 10, region: String? = nil,
        language: String? = nil
    ) {
        self.person = person
        self.model = model
        self.rows = rows
        self.count = count
        self.region = region
        self.language = language
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a page", allowed: ["person", "model", "rows", "count", "region", "language"])
        self.init(
            person: try fields.required("person"), model: try fields.text("model") ?? "default",
            rows: try fields.integer("rows", in: 1...30, default: 8),
            count: try fields.integer("count", in: 1...100, default: 10), region: try fields.text("region"),
            language: try fields.text("language"))
    }
}

/// What rows of a page are called.
package enum RowTitle {
    /// - Parameter title: what people call an item.
    package static func of(_ id: String, korean: Bool, title: (String) -> String) -> String {
        let parts = id.split(separator: ":", maxSplits: 1)
        switch parts.first {
        case "because" where parts.count == 2:
            let name = title(String(parts[1]))
            return korean ? "‘\(name)’ 때문에 추천해요" : "Because of \(name)"
        case "trending": return korean ? "요즘 인기" : "Trending now"
        case "new": return korean ? "새로 나왔어요" : "New"
        case "continue": return korean ? "이어서 보기" : "Continue"
        default: return korean ? "추천" : "For you"
        }
    }
}

/// What goes with an item.
package struct CompanionsView: Codable, Sendable {
    package struct Entry: Codable, Sendable {
        package var item: String
        package var title: String
        package var support: Int
        package var confidence: Double
        package var lift: Double
        /// Of those who took both, the share that took this one with the other or after it.
        package var after: Double
        package var together: Double
        package var medianDays: Double
    }

    package var item: String
    package var title: String
    package var withinDays: Double
    package var companions: [Entry]

    /// - Throws: what the service throws.
    package init(
        _ service: RecommendationService, of item: String, in model: String, _ settings: Companions.Settings
    ) throws {
        let found = try service.companions(of: item, in: model, settings)
        let titles = try service.titles(of: [item] + found.map(\.item))
        self.item = item
        title = titles[item] ?? item
        withinDays = settings.withinDays
        companions = found.map {
            Entry(
                item: $0.item, title: titles[$0.item] ?? $0.item, support: $0.support, confidence: $0.confidence,
                lift: $0.lift, after: $0.after, together: $0.together, medianDays: $0.medianDays)
        }
    }
}

/// Persons like some others.
package struct LookalikesView: Codable, Sendable {
    package struct Entry: Codable, Sendable {
        package var person: String
        /// The cosine of their taste with the mean of the others'.
        package var likeness: Double
    }

    package var model: String
    package var persons: [Entry]
}

/// Whose like are sought.
package struct LookalikesBody: Codable, Sendable {
    /// Any ids.
    package var persons: [String]
    package var model: String
    package var count: Int

    package static let personsMax = 10_000
    package static let countMax = 10_000

    package init(persons: [String], model: String = "default", count: Int = 20) {
        self.persons = persons
        self.model = model
        self.count = count
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a question for persons", allowed: ["persons", "model", "count"])
        guard let persons = try fields.list("persons", of: String.self, counts: 1...Self.personsMax) else {
            throw fields.error(.missingField, "persons", "must be given: whose like are sought")
        }
        self.init(
            persons: persons, model: try fields.text("model") ?? "default",
            count: try fields.integer("count", in: 1...Self.countMax, default: 20))
    }
}

extension LiveWorkspace {
    /// Persons whose taste is like that of some others; who does not want to be profiled is not among them.
    ///
    /// - Throws: `RecommendationError`; `EventLogError`.
    package func lookalikes(_ body: LookalikesBody) throws -> LookalikesView {
        let found = try recommendations.lookalikes(of: body.persons, in: body.model, count: body.count)
        return LookalikesView(
            model: body.model, persons: found.map { .init(person: $0.person, likeness: $0.likeness) })
    }
}

/// Whose lists are wanted.
package struct ListExportBody: Codable, Sendable {
    package var model: String
    /// Items for each person.
    package var count: Int
    /// Nil is everybody with a history.
    package var persons: [String]?

    package static let personsMax = 1_000_000

    package init(model: String = "default", count: Int = 20, persons: [String]? = nil) {
        self.model = model
        self.count = count
        self.persons = persons
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "an export of lists", allowed: ["model", "count", "persons"])
        self.init(
            model: try fields.text("model") ?? "default",
            count: try fields.integer("count", in: 1...10_000, default: 20),
            persons: try fields.list("persons", of: String.self, counts: 0...Self.personsMax))
    }
}
