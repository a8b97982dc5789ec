package import Analysis

/// A question that somebody keeps.
package struct Insight: Sendable, Hashable {
    package var id: Int64
    package var definition: InsightDefinition
    /// Who made it, for display.
    package var owner: String
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var createdTime: Int64
    package var updatedTime: Int64
}

/// What people say of an insight:
///
/// ```json
/// {"name": "첫 구매 퍼널", "query": {"kind": "funnel", "steps": ["Product Viewed", "Order Completed"]}, "view": "chart"}
/// ```
package struct InsightDefinition: Sendable, Hashable, Codable {
    /// What is seen first of the answer.
    package enum View: String, Sendable, Hashable, Codable, CaseIterable {
        case chart, table
    }

    package var name: String
    package var description: String
    package var query: Query
    package var view: View

    package static let nameLength = 200
    package static let descriptionLength = 4_000

    package init(_ name: String, description: String = "", query: Query, view: View = .chart) {
        self.name = name
        self.description = description
        self.query = query
        self.view = view
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "an insight", allowed: ["name", "description", "query", "view"])
        name = try fields.name()
        description = try fields.description()
        query = try fields.required("query", as: Query.self).withoutPeople
        view = try fields.choice("view", default: .chart)
    }
}

extension Fields {
    /// A name for display: some text in one line.
    func name() throws -> String {
        let name = try text("name")?.trimmed ?? ""
        guard !name.isEmpty else { throw error(.missingField, "name", "must be given") }
        guard name.count <= InsightDefinition.nameLength, !name.contains(where: \.isNewline) else {
            throw error(.invalidValue, "name", "must be one line of at most \(InsightDefinition.nameLength) characters")
        }
        return name
    }

    func description() throws -> String {
        let text = try optional("description", as: String.self) ?? ""
        guard text.count <= InsightDefinition.descriptionLength else {
            throw error(
                .limitExceeded, "description", "must have at most \(InsightDefinition.descriptionLength) characters")
        }
        return text
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}

extension Query {
    /// The same question without asking who is behind a number.
    package var withoutPeople: Query {
        switch self {
        case .funnel(var query):
            query.people = nil
            return .funnel(query)
        case .paths(var query):
            query.people = nil
            return .paths(query)
        case .retention(var query):
            query.people = nil
            return .retention(query)
        case .trends(var query):
            query.people = nil
            return .trends(query)
        case .lifecycle(var query):
            query.people = nil
            return .lifecycle(query)
        case .stickiness(var query):
            query.people = nil
            return .stickiness(query)
        case .journeyMap(var query):
            query.people = nil
            return .journeyMap(query)
        case .correlation, .sessions: return self
        }
    }

    /// The days that the question is about.
    package var range: DateRange {
        get {
            switch self {
            case .funnel(let query): query.range
            case .paths(let query): query.range
            case .correlation(let query): query.funnel.range
            case .retention(let query): query.range
            case .trends(let query): query.range
            case .lifecycle(let query): query.range
            case .stickiness(let query): query.range
            case .sessions(let query): query.range
            case .journeyMap(let query): query.range
            }
        }
        set { self = with(newValue) }
    }

    private func with(_ range: DateRange) -> Query {
        switch self {
        case .funnel(var query):
            (query.from, query.to, query.timeZone) = (range.from, range.to, range.timeZone)
            return .funnel(query)
        case .paths(var query):
            (query.from, query.to, query.timeZone) = (range.from, range.to, range.timeZone)
            return .paths(query)
        case .correlation(var query):
            (query.funnel.from, query.funnel.to, query.funnel.timeZone) = (range.from, range.to, range.timeZone)
            return .correlation(query)
        case .retention(var query):
            query.range = range
            return .retention(query)
        case .trends(var query):
            query.range = range
            return .trends(query)
        case .lifecycle(var query):
            query.range = range
            return .lifecycle(query)
        case .stickiness(var query):
            query.range = range
            return .stickiness(query)
        case .sessions(var query):
            query.range = range
            return .sessions(query)
        case .journeyMap(var query):
            query.range = range
            return .journeyMap(query)
        }
    }
}
