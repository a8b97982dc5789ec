package import EventLog

/// Which events a part of a query is about: `{"event": "A"}`, `{"events": ["A", "B"]}` for any of several, or
/// `{"event": "*"}` for every event; with optional `filters` on their properties and an optional `name` for display.
package struct EventSelector: Sendable, Hashable, Codable {
    /// The names, or nil for every event.
    package var events: [String]?
    /// All must hold. A single object in place of the list is a list of one.
    package var filters: [Filter]
    package var name: String?

    package static let fields = ["event", "events", "filters", "name"]

    package init(_ events: [String]?, filters: [Filter] = [], name: String? = nil) {
        self.events = events
        self.filters = filters
        self.name = name
    }

    package init(_ event: String, filters: [Filter] = []) {
        self.init(event == "*" ? nil : [event], filters: filters)
    }

    /// The label of the selected events: `name`, or the names of the events.
    package var label: String { name ?? events?.joined(separator: " or ") ?? "any event" }

    /// Reads the fields of a selector from an object that may have others too.
    package init(_ fields: Fields) throws {
        let single = try fields.text("event")
        let several = try fields.list("events", of: String.self, counts: 1...QueryLimits.eventsPerSelector)
        switch (single, several) {
        case (nil, nil):
            throw fields.error(
                .missingField, "event", "must be given: the name of an event, or \"*\" for any (or a list as 'events')")
        case (.some, .some):
            throw fields.error(.conflict, "events", "cannot be given beside 'event'")
        case (let event?, nil):
            events = event == "*" ? nil : [event]
        case (nil, let list?):
            if let index = list.firstIndex(of: "") {
                throw fields.error(.invalidValue, "events[\(index)]", "must not be empty")
            }
            events = list.contains("*") ? nil : list
        }
        filters = try Filter.list(fields, "filters")
        name = try fields.text("name")
    }

    package init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            guard !name.isEmpty else { throw QueryError(.invalidValue, at: decoder.codingPath, "must not be empty") }
            self.init(name)
            return
        }
        try self.init(Fields(decoder, of: "an event", allowed: EventSelector.fields))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldName.self)
        if let events, events.count != 1 {
            try container.encode(events, forKey: FieldName("events"))
        } else {
            try container.encode(events?.first ?? "*", forKey: FieldName("event"))
        }
        if !filters.isEmpty { try container.encode(filters, forKey: FieldName("filters")) }
        try container.encodeIfPresent(name, forKey: FieldName("name"))
    }

    /// The numbers of the events in a log; nil for every event. Names that the log has not seen are left out.
    ///
    /// Any event is one that somebody did: that a person entered an audience is nothing they did, and must not wake a
    /// person who sleeps.
    package func codes(in names: NameTable) -> Set<UInt16>? {
        if let events { return Set(events.compactMap(names.number(of:))) }
        let administrative = Vocabulary.administrative.compactMap(names.number(of:))
        if administrative.isEmpty { return nil }
        return Set(names.names.indices.map(UInt16.init)).subtracting(administrative)
    }
}

/// What one query may hold. A query that asks for more is refused with `limit_exceeded`.
package enum QueryLimits {
    package static let eventsPerSelector = 1_000
    package static let filtersPerList = 50
    package static let filterDepth = 16
    package static let valuesPerFilter = 10_000
    /// Event selectors of one query: steps, series, exclusions.
    package static let selectors = 64
    package static let funnelSteps = 30
    /// People that one answer names.
    package static let people = 100_000
}
