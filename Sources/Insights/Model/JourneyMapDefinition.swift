package import Analysis

/// The stages of a workspace's journey map:
///
/// ```json
/// {"stages": [{"name": "유입", "event": "*"}, {"name": "구매", "event": "Order Completed"},
///             {"name": "재구매", "event": "Order Completed", "after": 1}]}
/// ```
package struct JourneyMapDefinition: Sendable, Hashable, Codable {
    package var stages: [JourneyStage]

    package init(stages: [JourneyStage]) { self.stages = stages }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "the journey map", allowed: ["stages"])
        guard fields.has("stages") else { throw fields.error(.missingField, "stages", "must be given") }
        // The query's own rules hold for the stages: an object with nothing but stages is a query.
        stages = try JourneyMapQuery(from: decoder).stages
    }
}
