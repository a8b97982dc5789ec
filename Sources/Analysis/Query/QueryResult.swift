/// The answer to a query. Encodes as the object of its kind, without a wrapper.
package enum QueryResult: Sendable, Hashable, Encodable {
    case funnel(FunnelResult)
    case paths(PathsResult)
    case correlation(CorrelationResult)
    case retention(RetentionResult)
    case trends(TrendsResult)
    case lifecycle(LifecycleResult)
    case stickiness(StickinessResult)
    case sessions(SessionsResult)
    case journeyMap(JourneyMapResult)

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .funnel(let result): try result.encode(to: encoder)
        case .paths(let result): try result.encode(to: encoder)
        case .correlation(let result): try result.encode(to: encoder)
        case .retention(let result): try result.encode(to: encoder)
        case .trends(let result): try result.encode(to: encoder)
        case .lifecycle(let result): try result.encode(to: encoder)
        case .stickiness(let result): try result.encode(to: encoder)
        case .sessions(let result): try result.encode(to: encoder)
        case .journeyMap(let result): try result.encode(to: encoder)
        }
    }
}

extension QueryResult {
    /// Reads the answer to a query of a kind again, such as one that came over the network.
    package init(_ kind: Query.Kind, from decoder: any Decoder) throws {
        switch kind {
        case .funnel: self = .funnel(try FunnelResult(from: decoder))
        case .paths: self = .paths(try PathsResult(from: decoder))
        case .correlation: self = .correlation(try CorrelationResult(from: decoder))
        case .retention: self = .retention(try RetentionResult(from: decoder))
        case .trends: self = .trends(try TrendsResult(from: decoder))
        case .lifecycle: self = .lifecycle(try LifecycleResult(from: decoder))
        case .stickiness: self = .stickiness(try StickinessResult(from: decoder))
        case .sessions: self = .sessions(try SessionsResult(from: decoder))
        case .journeyMap: self = .journeyMap(try JourneyMapResult(from: decoder))
        }
    }
}
