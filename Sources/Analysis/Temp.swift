package struct FunnelQuery: Sendable, Hashable, Codable { func run(in c: QueryContext, _ e: inout QueryExplanation) throws -> FunnelResult { FunnelResult() } }
package struct FunnelResult: Sendable, Hashable, Encodable {}
package struct PathsQuery: Sendable, Hashable, Codable { func run(in c: QueryContext, _ e: inout QueryExplanation) throws -> PathsResult { PathsResult() } }
package struct PathsResult: Sendable, Hashable, Encodable {}
package struct CorrelationQuery: Sendable, Hashable, Codable { func run(in c: QueryContext, _ e: inout QueryExplanation) throws -> CorrelationResult { CorrelationResult() } }
package struct CorrelationResult: Sendable, Hashable, Encodable {}
