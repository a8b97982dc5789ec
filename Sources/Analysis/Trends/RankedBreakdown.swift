/// A breakdown that keeps the most frequent values by name: `"city"`, or `{"property": "city", "limit": 10}`. The
/// rest goes into one group `(other)`, in which a person with several of the values counts once.
package struct RankedBreakdown: Sendable, Hashable, Codable {
    package var key: BreakdownKey
    /// Values that keep their name.
    package var limit: Int

    package static let standardLimit = 25
    package static let limitBound = 1_000

    package init(_ key: BreakdownKey, limit: Int = RankedBreakdown.standardLimit) {
        self.key = key
        self.limit = limit
    }

    package init(from decoder: any Decoder) throws {
        if (try? decoder.singleValueContainer().decode(String.self)) != nil {
            self.init(try BreakdownKey(from: decoder))
            return
        }
        let fields = try Fields(decoder, of: "a breakdown", allowed: BreakdownKey.fields + ["limit"])
        self.init(
            try BreakdownKey(fields),
            limit: try fields.integer("limit", in: 1...Self.limitBound, default: Self.standardLimit))
    }

    package func encode(to encoder: any Encoder) throws {
        try key.encode(to: encoder)
        var container = encoder.container(keyedBy: FieldName.self)
        try container.encode(limit, forKey: FieldName("limit"))
    }
}
