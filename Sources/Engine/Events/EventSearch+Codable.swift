import Analysis

/// As JSON: the fields of an event selector and of a range, with `person` and `limit`.
extension EventSearch: Codable {
    package static let fields = EventSelector.fields + DateRange.fields + ["person", "limit"]
    package static let limits = 1...10_000

    /// - Throws: `QueryError` naming the field.
    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a search for events", allowed: EventSearch.fields)
        let isNamed = fields.has("event") || fields.has("events")
        selector = isNamed ? try EventSelector(fields) : EventSelector(nil, filters: try Filter.list(fields, "filters"))
        range = try DateRange(fields)
        person = try fields.text("person")
        limit = try fields.integer("limit", in: EventSearch.limits, default: 100)
    }

    private enum Key: String, CodingKey {
        case from, to, timeZone, person, limit
    }

    package func encode(to encoder: any Encoder) throws {
        try selector.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(range.from, forKey: .from)
        try container.encodeIfPresent(range.to, forKey: .to)
        try container.encode(range.timeZone, forKey: .timeZone)
        try container.encodeIfPresent(person, forKey: .person)
        try container.encode(limit, forKey: .limit)
    }
}
