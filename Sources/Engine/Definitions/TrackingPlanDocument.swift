import Analysis
package import Collection

/// A tracking plan as people write it, read strictly: a field that is misspelt is an error with its place.
package struct TrackingPlanDocument: Sendable, Hashable, Codable {
    package var plan: TrackingPlan

    package init(_ plan: TrackingPlan) { self.plan = plan }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a tracking plan", allowed: ["events", "strict", "others"])
        let events = try fields.optional("events", as: [String: EventDocument].self) ?? [:]
        plan = TrackingPlan(
            events: events.mapValues(\.event), strict: try fields.optional("strict") ?? false,
            others: try fields.optional("others") ?? false)
    }

    package func encode(to encoder: any Encoder) throws { try plan.encode(to: encoder) }

    private struct EventDocument: Decodable {
        var event: TrackingPlan.Event

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "an event of a tracking plan", allowed: ["properties", "others"])
            let properties = try fields.optional("properties", as: [String: PropertyDocument].self) ?? [:]
            event = TrackingPlan.Event(
                properties: properties.mapValues(\.property), others: try fields.optional("others") ?? true)
        }
    }

    private struct PropertyDocument: Decodable {
        var property: TrackingPlan.Property

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "a property of a tracking plan", allowed: ["type", "required"])
            property = TrackingPlan.Property(
                type: try fields.choice("type", default: .any), required: try fields.optional("required") ?? false)
        }
    }
}
