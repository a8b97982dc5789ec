import Analysis
package import EventLog

/// What counts as success of a placement: an event of the person within some time of the decision.
///
/// ```yaml
/// reward: { event: Order Completed, item: products.sku, value: total, outOf: 100000, withinHours: 48 }
/// ```
package struct RewardDefinition: Sendable, Hashable, Codable {
    package var event: String
    /// The property that holds the item's id: only events about a decided item count. Nil: any such event does.
    package var item: String?
    /// Values that properties have to have, by property; none is every value.
    package var filters: [String: [String]]
    /// The number that says how good it was; without it an event is worth 1.
    package var value: String?
    /// The value that is worth 1. More counts as 1.
    package var outOf: Double
    /// How long after the decision it counts.
    package var withinHours: Double

    package init(
        event: String, item: String? = nil, filters: [String: [String]] = [:], value: String? = nil, outOf: Double = 1,
        withinHours: Double = 24
    ) {
        self.event = event
        self.item = item
        self.filters = filters
        self.value = value
        self.outOf = outOf
        self.withinHours = withinHours
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a reward", allowed: ["event", "item", "where", "value", "outOf", "withinHours"])
        guard let name = try fields.text("event") else {
            throw fields.error(.missingField, "event", "must be given: the event that counts as success")
        }
        self.init(
            event: name, item: try fields.text("item"),
            filters: try fields.optional("where", as: [String: [String]].self) ?? [:],
            value: try fields.text("value"), outOf: try fields.number("outOf", above: 0, default: 1),
            withinHours: try fields.number("withinHours", in: 0.01...8_760, default: 24))
        if filters.count > 20 { throw fields.error(.limitExceeded, "where", "names more than 20 properties") }
    }

    private enum CodingKeys: String, CodingKey {
        case event, item
        case filters = "where"
        case value, outOf, withinHours
    }

    package var windowMilliseconds: Int64 { Int64(withinHours * 3_600_000) }

    /// What an event is worth, from 0 to 1; nil when it does not count.
    ///
    /// - Parameter items: what was decided; empty for what is not about items.
    package func reward(of event: Event, items: [String]) -> Double? {
        guard event.name == self.event else { return nil }
        for (name, allowed) in filters where !allowed.isEmpty {
            guard let value = event[name], !Set(value.asTexts).isDisjoint(with: allowed) else { return nil }
        }
        if let item, !items.isEmpty {
            guard let value = event[item], !Set(value.asIDs).isDisjoint(with: items) else { return nil }
        }
        guard let value else { return 1 }
        guard case .number(let number)? = event[value], number.isFinite else { return 0 }
        return min(1, max(0, number / outOf))
    }
}

extension PropertyValue {
    fileprivate var asTexts: [String] {
        if case .boolean(let flag) = self { [flag ? "true" : "false"] } else { asIDs }
    }
}
