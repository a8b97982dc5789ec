package struct CorrelationQuery: Sendable, Hashable, Codable { func run(in c: QueryContext, _ e: inout QueryExplanation) throws -> CorrelationResult { CorrelationResult() } }
package struct CorrelationResult: Sendable, Hashable, Encodable {}
