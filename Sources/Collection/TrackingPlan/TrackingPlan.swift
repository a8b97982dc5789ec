/// Which events a workspace expects, and what they hold. Written as JSON or YAML:
///
/// ```yaml
/// strict: false
/// events:
///   Order Completed:
///     properties:
///       total: { type: number, required: true }
///       coupon: { type: string }
/// ```
package struct TrackingPlan: Sendable, Hashable, Codable {
    package enum ValueType: String, Sendable, Codable, CaseIterable {
        case string, number, boolean
        /// A list of strings, numbers or booleans; also one of the parallel lists of an array of objects.
        case list
        case any
    }

    package struct Property: Sendable, Hashable, Codable {
        package var type: ValueType
        package var required: Bool

        package init(type: ValueType = .any, required: Bool = false) {
            self.type = type
            self.required = required
        }

        package init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            type = try fields.decodeIfPresent(ValueType.self, forKey: .type) ?? .any
            required = try fields.decodeIfPresent(Bool.self, forKey: .required) ?? false
        }
    }

    package struct Event: Sendable, Hashable, Codable {
        /// By their flattened names.
        package var properties: [String: Property]
        /// Whether the event may have properties that the plan does not list. Those of `context` always may be there.
        package var others: Bool

        package init(properties: [String: Property] = [:], others: Bool = true) {
            self.properties = properties
            self.others = others
        }

        package init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            properties = try fields.decodeIfPresent([String: Property].self, forKey: .properties) ?? [:]
            others = try fields.decodeIfPresent(Bool.self, forKey: .others) ?? true
        }
    }

    package var events: [String: Event]
    /// Events against the plan become dead letters; otherwise they are stored and counted.
    package var strict: Bool
    /// Whether events that the plan does not name are in order.
    package var others: Bool

    package init(events: [String: Event] = [:], strict: Bool = false, others: Bool = false) {
        self.events = events
        self.strict = strict
        self.others = others
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        events = try fields.decodeIfPresent([String: Event].self, forKey: .events) ?? [:]
        strict = try fields.decodeIfPresent(Bool.self, forKey: .strict) ?? false
        others = try fields.decodeIfPresent(Bool.self, forKey: .others) ?? false
    }
}

/// One way in which an event breaks the plan.
package struct PlanViolation: Sendable, Hashable, Codable {
    package enum Reason: String, Sendable, Codable {
        case unplannedEvent = "unplanned_event"
        case missingProperty = "missing_property"
        case wrongType = "wrong_type"
        case unplannedProperty = "unplanned_property"
    }

    package var event: String
    /// Empty for `unplannedEvent`.
    package var property: String
    package var reason: Reason

    var sentence: String {
        switch reason {
        case .unplannedEvent: "the tracking plan has no event '\(event)'"
        case .missingProperty: "the tracking plan asks for '\(property)'"
        case .wrongType: "the tracking plan gives '\(property)' another type"
        case .unplannedProperty: "the tracking plan has no property '\(property)' of this event"
        }
    }
}

/// How often the plan was broken in one way.
package struct ViolationCount: Sendable, Hashable, Codable {
    package var violation: PlanViolation
    package var count: Int
    /// Milliseconds UTC.
    package var firstTime: Int64
    package var lastTime: Int64
}
