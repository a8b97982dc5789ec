/// A step: the event that fills it, and whether people may skip it.
package struct FunnelStep: Sendable, Hashable, Codable {
    package var selector: EventSelector
    /// People go on without it. It counts those who did it between the steps around it.
    package var optional: Bool

    package init(_ selector: EventSelector, optional: Bool = false) {
        self.selector = selector
        self.optional = optional
    }

    package init(from decoder: any Decoder) throws {
        if let selector = try? decoder.singleValueContainer().decode(String.self) {
            guard !selector.isEmpty else {
                throw QueryError(.invalidValue, at: decoder.codingPath, "must not be empty")
            }
            self.init(EventSelector(selector))
            return
        }
        let fields = try Fields(decoder, of: "a funnel step", allowed: EventSelector.fields + ["optional"])
        self.init(try EventSelector(fields), optional: try fields.optional("optional") ?? false)
    }

    package func encode(to encoder: any Encoder) throws {
        try selector.encode(to: encoder)
        guard optional else { return }
        var container = encoder.container(keyedBy: FieldName.self)
        try container.encode(optional, forKey: FieldName("optional"))
    }
}

/// An event that ends an attempt when it happens between two steps: strictly after `fromStep` and strictly before
/// `toStep`, or, when the attempt does not get to `toStep`, anywhere in the rest of its window. Steps count from 0.
package struct FunnelExclusion: Sendable, Hashable, Codable {
    package var selector: EventSelector
    package var fromStep: Int
    package var toStep: Int

    package init(_ selector: EventSelector, fromStep: Int, toStep: Int) {
        self.selector = selector
        self.fromStep = fromStep
        self.toStep = toStep
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "an exclusion", allowed: EventSelector.fields + ["fromStep", "toStep"])
        self.init(
            try EventSelector(fields), fromStep: try fields.required("fromStep"), toStep: try fields.required("toStep"))
    }

    package func encode(to encoder: any Encoder) throws {
        try selector.encode(to: encoder)
        var container = encoder.container(keyedBy: FieldName.self)
        try container.encode(fromStep, forKey: FieldName("fromStep"))
        try container.encode(toStep, forKey: FieldName("toStep"))
    }
}
