import Analysis

/// Which events are about items, and what they say of them.
///
/// ```yaml
/// interactions:
///   - { event: Rated, item: movie, value: rating, outOf: 5, dismissedBelow: 1.5 }
///   - { event: Order Completed, item: products.sku, strength: 1, consumed: true }
///   - { event: Product Viewed, item: product_id, strength: 0.2 }
///   - { event: Not Interested, item: product_id, dismissed: true }
/// ```
package struct InteractionMapping: Sendable, Hashable, Codable {
    package var event: String
    /// The property that holds the item's id, or a list of ids.
    package var item: String
    /// What the event says for the item; with `value` what the best value does.
    package var strength: Double
    /// A number of the event that the strength grows with, such as a rating or the portion watched.
    package var value: String?
    /// The best `value`.
    package var outOf: Double
    /// Values below say that the person does not want the item.
    package var dismissedBelow: Double?
    /// The event itself says so.
    package var dismissed: Bool

    package init(
        event: String, item: String = "item", strength: Double = 1, value: String? = nil, outOf: Double = 1,
        dismissedBelow: Double? = nil, dismissed: Bool = false
    ) {
        self.event = event
        self.item = item
        self.strength = strength
        self.value = value
        self.outOf = outOf
        self.dismissedBelow = dismissedBelow
        self.dismissed = dismissed
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "an interaction",
            allowed: ["event", "item", "strength", "value", "outOf", "dismissedBelow", "dismissed"])
        self.init(
            event: try fields.required("event"), item: try fields.text("item") ?? "item",
            strength: try fields.number("strength", above: 0, default: 1), value: try fields.text("value"),
            outOf: try fields.number("outOf", above: 0, default: 1),
            dismissedBelow: try fields.optional("dismissedBelow"),
            dismissed: try fields.optional("dismissed") ?? false)
        if value == nil, fields.has("outOf") || dismissedBelow != nil {
            throw fields.error(.missingField, "value", "must be given: the property whose number counts")
        }
    }

    private enum Name: String, CodingKey {
        case event, item, strength, value, outOf, dismissedBelow, dismissed
    }

    /// What belongs to a value is written only with one, as it is read.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Name.self)
        try object.encode(event, forKey: .event)
        try object.encode(item, forKey: .item)
        try object.encode(strength, forKey: .strength)
        if let value {
            try object.encode(value, forKey: .value)
            try object.encode(outOf, forKey: .outOf)
            try object.encodeIfPresent(dismissedBelow, forKey: .dismissedBelow)
        }
        if dismissed { try object.encode(dismissed, forKey: .dismissed) }
    }

    /// The strength of an event with this value; below 0 is a dismissal, 0 says nothing.
    func strength(value number: Double?) -> Float {
        if dismissed { return -1 }
        guard value != nil else { return Float(strength) }
        guard let number, number.isFinite else { return 0 }
        if let dismissedBelow, number < dismissedBelow { return -1 }
        return Float(max(0, strength * number / outOf))
    }
}

extension Fields {
    /// A number greater than a bound.
    func number(_ name: String, above bound: Double, default standard: Double) throws -> Double {
        guard let value = try optional(name, as: Double.self) else { return standard }
        guard value > bound, value.isFinite else {
            throw error(.invalidValue, name, "is \(value), but must be more than \(bound)")
        }
        return value
    }

    /// A number within a range.
    func number(_ name: String, in range: ClosedRange<Double>, default standard: Double) throws -> Double {
        guard let value = try optional(name, as: Double.self) else { return standard }
        guard range.contains(value) else {
            throw error(
                .invalidValue, name, "is \(value), but must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
