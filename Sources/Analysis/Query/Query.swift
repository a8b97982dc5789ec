package import Foundation

/// A question about behaviour. In JSON an object whose `kind` says which; the same text works on the command line and
/// over HTTP.
///
/// ```json
/// {"kind": "funnel", "steps": [{"event": "Sign Up"}, {"event": "Order Completed"}], "window": "7d"}
/// ```
package enum Query: Sendable, Hashable, Codable {
    case funnel(FunnelQuery)
    case paths(PathsQuery)
    case correlation(CorrelationQuery)
    case retention(RetentionQuery)
    case trends(TrendsQuery)
    case lifecycle(LifecycleQuery)
    case stickiness(StickinessQuery)
    case sessions(SessionsQuery)
    case journeyMap(JourneyMapQuery)

    /// The names of `kind`.
    package enum Kind: String, Sendable, CaseIterable {
        case funnel
        case paths
        case correlation
        case retention
        case trends
        case lifecycle
        case stickiness
        case sessions
        case journeyMap
    }

    package var kind: Kind {
        switch self {
        case .funnel: .funnel
        case .paths: .paths
        case .correlation: .correlation
        case .retention: .retention
        case .trends: .trends
        case .lifecycle: .lifecycle
        case .stickiness: .stickiness
        case .sessions: .sessions
        case .journeyMap: .journeyMap
        }
    }

    /// Decodes the query of a kind from the object that `decoder` stands at.
    private init(_ kind: Kind, from decoder: any Decoder) throws {
        switch kind {
        case .funnel: self = .funnel(try FunnelQuery(from: decoder))
        case .paths: self = .paths(try PathsQuery(from: decoder))
        case .correlation: self = .correlation(try CorrelationQuery(from: decoder))
        case .retention: self = .retention(try RetentionQuery(from: decoder))
        case .trends: self = .trends(try TrendsQuery(from: decoder))
        case .lifecycle: self = .lifecycle(try LifecycleQuery(from: decoder))
        case .stickiness: self = .stickiness(try StickinessQuery(from: decoder))
        case .sessions: self = .sessions(try SessionsQuery(from: decoder))
        case .journeyMap: self = .journeyMap(try JourneyMapQuery(from: decoder))
        }
    }

    private var content: any Encodable {
        switch self {
        case .funnel(let query): query
        case .paths(let query): query
        case .correlation(let query): query
        case .retention(let query): query
        case .trends(let query): query
        case .lifecycle(let query): query
        case .stickiness(let query): query
        case .sessions(let query): query
        case .journeyMap(let query): query
        }
    }

    func run(in context: QueryContext, _ explanation: inout QueryExplanation) throws -> QueryResult {
        switch self {
        case .funnel(let query): .funnel(try query.run(in: context, &explanation))
        case .paths(let query): .paths(try query.run(in: context, &explanation))
        case .correlation(let query): .correlation(try query.run(in: context, &explanation))
        case .retention(let query): .retention(try query.run(in: context, &explanation))
        case .trends(let query): .trends(try query.run(in: context, &explanation))
        case .lifecycle(let query): .lifecycle(try query.run(in: context, &explanation))
        case .stickiness(let query): .stickiness(try query.run(in: context, &explanation))
        case .sessions(let query): .sessions(try query.run(in: context, &explanation))
        case .journeyMap(let query): .journeyMap(try query.run(in: context, &explanation))
        }
    }
}

extension Query {
    /// Reads a query from JSON.
    ///
    /// - Throws: `QueryError`, and nothing else.
    package init(json: Data) throws {
        do {
            self = try JSONDecoder().decode(Query.self, from: json)
        } catch let error as DecodingError {
            throw QueryError(error)
        }
    }

    package init(from decoder: any Decoder) throws {
        let names = Kind.allCases.map(\.rawValue)
        guard let container = try? decoder.container(keyedBy: FieldName.self) else {
            throw QueryError(.wrongType, at: decoder.codingPath, "a query must be an object with the field 'kind'")
        }
        let field = FieldPath.text(decoder.codingPath + [FieldName("kind")])
        guard container.contains(FieldName("kind")) else {
            throw QueryError(.missingField, field, "must be given: one of \(names.joined(separator: ", "))")
        }
        guard let name = try? container.decode(String.self, forKey: FieldName("kind")) else {
            throw QueryError(.wrongType, field, "must be a text: one of \(names.joined(separator: ", "))")
        }
        guard let kind = Kind(rawValue: name) else {
            let hint = NearestName.hint(for: name, among: names)
            throw QueryError(
                .unknownKind, field, "is '\(name)', but must be one of \(names.joined(separator: ", "))\(hint)")
        }
        try self.init(kind, from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldName.self)
        try container.encode(kind.rawValue, forKey: FieldName("kind"))
        try content.encode(to: encoder)
    }
}
