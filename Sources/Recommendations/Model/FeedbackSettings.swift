import Analysis

/// What one kind of event says about items, as people write it.
package struct FeedbackRule: Sendable, Hashable, Codable {
    package var event: String
    /// The property that holds the item's id, or a list of ids: `product_id`, `products.sku`, `content_id`.
    package var item: String
    package var kind: FeedbackKind
    /// In place of the kind's strength; above 0.
    package var strength: Double?
    /// A number of the event that the strength grows with, such as a rating or the portion watched.
    package var value: String?
    /// The best `value`.
    package var outOf: Double
    /// Values below say that the person does not want the item.
    package var dismissedBelow: Double?

    package init(
        event: String, item: String, kind: FeedbackKind, strength: Double? = nil, value: String? = nil,
        outOf: Double = 1, dismissedBelow: Double? = nil
    ) {
        self.event = event
        self.item = item
        self.kind = kind
        self.strength = strength
        self.value = value
        self.outOf = outOf
        self.dismissedBelow = dismissedBelow
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "what an event says about items",
            allowed: ["event", "item", "kind", "strength", "value", "outOf", "dismissedBelow"])
        let event = try fields.text("event")
        let item = try fields.text("item")
        guard let event else { throw fields.error(.missingField, "event", "must be given: the event's name") }
        guard let item else {
            throw fields.error(.missingField, "item", "must be given: the property that holds the item's id")
        }
        self.init(
            event: event, item: item, kind: try fields.choice("kind", default: .view),
            strength: fields.has("strength") ? try fields.number("strength", above: 0, default: 1) : nil,
            value: try fields.text("value"), outOf: try fields.number("outOf", above: 0, default: 1),
            dismissedBelow: try fields.optional("dismissedBelow"))
        if value == nil, fields.has("outOf") || dismissedBelow != nil {
            throw fields.error(.missingField, "value", "must be given: the property whose number counts")
        }
        if let strength, strength > FeedbackSettings.strengthMax {
            throw fields.error(
                .invalidValue, "strength", "is \(strength), but must be at most \(FeedbackSettings.strengthMax)")
        }
    }

    private enum Name: String, CodingKey {
        case event, item, kind, strength, value, outOf, dismissedBelow
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Name.self)
        try object.encode(event, forKey: .event)
        try object.encode(item, forKey: .item)
        try object.encode(kind, forKey: .kind)
        try object.encodeIfPresent(strength, forKey: .strength)
        guard let value else { return }
        try object.encode(value, forKey: .value)
        try object.encode(outOf, forKey: .outOf)
        try object.encodeIfPresent(dismissedBelow, forKey: .dismissedBelow)
    }
}

/// What the events of a workspace say about its items: which property names the item, and how much each kind of
/// feedback counts. Models are trained by it, and persons' histories read by it.
///
/// ```yaml
/// feedback:
///   strengths: { view: 0.1, cart: 0.6 }
///   events:
///     - { event: Product Viewed, item: product_id, kind: detail }
///     - { event: Order Completed, item: products.sku, kind: purchase }
///     - { event: Rated, item: movie, kind: rating, value: stars, outOf: 5, dismissedBelow: 2 }
/// ```
package struct FeedbackSettings: Sendable, Hashable, Codable {
    package var events: [FeedbackRule]
    /// Strengths that differ from `FeedbackKind.standardStrength`.
    package var strengths: [FeedbackKind: Double]
    /// The property of those events that says where or in what segment a person is: `context.region`.
    package var group: String?

    static let strengthMax = 1_000.0
    static let eventsMax = 100

    package init(events: [FeedbackRule] = [], strengths: [FeedbackKind: Double] = [:], group: String? = nil) {
        self.events = events
        self.strengths = strengths
        self.group = group
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "what events say about items", allowed: ["events", "strengths", "group"])
        events = try fields.list("events", counts: 0...Self.eventsMax) ?? []
        group = try fields.text("group")
        strengths = [:]
        for (name, strength) in try fields.optional("strengths", as: [String: Double].self) ?? [:] {
            guard let kind = FeedbackKind(rawValue: name), kind != .dismissed else {
                let names = FeedbackKind.allCases.filter { $0 != .dismissed }.map(\.rawValue)
                throw fields.error(
                    .invalidValue, "strengths",
                    "has '\(name)'\(NearestName.hint(for: name, among: names)), but the kinds are \(names.joined(separator: ", "))"
                )
            }
            guard strength > 0, strength <= Self.strengthMax else {
                throw fields.error(
                    .invalidValue, "strengths",
                    "gives '\(name)' the strength \(strength), but must be above 0 and at most \(Self.strengthMax)")
            }
            strengths[kind] = strength
        }
        var seen: Set<String> = []
        for rule in events where !seen.insert(rule.event).inserted {
            throw fields.error(.invalidValue, "events", "has the event '\(rule.event)' a second time")
        }
    }

    package func strength(_ kind: FeedbackKind) -> Double { strengths[kind] ?? kind.standardStrength }

    /// In the form that models are trained by.
    package var interactions: [InteractionMapping] {
        events.map { rule in
            InteractionMapping(
                event: rule.event, item: rule.item,
                strength: rule.kind == .dismissed ? 1 : rule.strength ?? strength(rule.kind), value: rule.value,
                outOf: rule.outOf, dismissedBelow: rule.dismissedBelow, dismissed: rule.kind == .dismissed)
        }
    }
}

extension RecommendationSettings {
    /// Settings of a model that is trained by what a workspace says its events mean.
    package init(name: String, _ feedback: FeedbackSettings) {
        self.init(interactions: feedback.interactions)
        self.name = name
        group = feedback.group
    }
}
