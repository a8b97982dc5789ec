/// The answer to a query. Encodes as the object of its kind, without a wrapper.
package enum QueryResult: Sendable, Hashable, Encodable {
    case funnel(FunnelResult)
    case paths(PathsResult)
    case correlation(CorrelationResult)

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .funnel(let result): try result.encode(to: encoder)
        case .paths(let result): try result.encode(to: encoder)
        case .correlation(let result): try result.encode(to: encoder)
        }
    }
}
