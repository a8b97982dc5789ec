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
        }
    }
}
