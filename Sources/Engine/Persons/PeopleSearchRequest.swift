import Analysis
import EventLog
package import People

/// Which persons to list, as JSON. Read strictly: a misspelt field is a `QueryError` that names it.
package struct PeopleSearchRequest: Sendable, Hashable, Codable {
    package var query: PeopleQuery

    package init(_ query: PeopleQuery = PeopleQuery()) { self.query = query }

    private enum Key: String, CodingKey, CaseIterable {
        case text, filters, role, identified, group, seenFrom, seenBefore, sort, ascending, limit, cursor
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a search for people", allowed: Key.allCases.map(\.rawValue))
        var query = PeopleQuery()
        query.text = try fields.optional("text")
        query.traits =
            try fields.list("filters", of: Filter.self, counts: 0...PeopleQuery.maxFilters)?.map(\.filter) ?? []
        if fields.has("role") { query.role = try fields.choice("role", default: .customer) }
        query.isIdentified = try fields.optional("identified")
        query.group = try fields.optional("group", as: Group.self)?.group
        query.seenFrom = try Self.time("seenFrom", fields)
        query.seenBefore = try Self.time("seenBefore", fields)
        query.sort = try fields.choice("sort", default: .lastSeen)
        query.ascending = try fields.optional("ascending") ?? false
        query.limit = try fields.integer("limit", in: PeopleQuery.limits, default: 50)
        query.cursor = try fields.text("cursor")
        self.query = query
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(query.text, forKey: .text)
        if !query.traits.isEmpty { try container.encode(query.traits.map(Filter.init), forKey: .filters) }
        try container.encodeIfPresent(query.role?.rawValue, forKey: .role)
        try container.encodeIfPresent(query.isIdentified, forKey: .identified)
        try container.encodeIfPresent(query.group.map(Group.init), forKey: .group)
        try container.encodeIfPresent(query.seenFrom.map(Timestamp.text), forKey: .seenFrom)
        try container.encodeIfPresent(query.seenBefore.map(Timestamp.text), forKey: .seenBefore)
        try container.encode(query.sort.rawValue, forKey: .sort)
        try container.encode(query.ascending, forKey: .ascending)
        try container.encode(query.limit, forKey: .limit)
        try container.encodeIfPresent(query.cursor, forKey: .cursor)
    }

    private static func time(_ name: String, _ fields: Fields) throws -> Int64? {
        guard let text = try fields.text(name) else { return nil }
        guard let time = Timestamp.milliseconds(text) else {
            throw fields.error(.invalidValue, name, "is '\(text)', but must be a time such as 2026-03-01T00:00:00Z")
        }
        return time
    }

    private struct Group: Codable {
        let group: GroupID

        private enum Key: String, CodingKey { case type, id }

        init(_ group: GroupID) { self.group = group }

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "a group", allowed: ["type", "id"])
            group = GroupID(
                type: try fields.text("type") ?? GroupID.defaultType, id: try fields.required("id", as: String.self))
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(group.type, forKey: .type)
            try container.encode(group.id, forKey: .id)
        }
    }

    private enum Operator: String, CaseIterable {
        case equals
        case oneOf = "in"
        case greaterOrEqual = "gte"
        case lessOrEqual = "lte"
        case between
        case isSet = "is_set"
        case isNotSet = "is_not_set"
    }

    /// The names of the tests on traits.
    package static let operators = Operator.allCases.map(\.rawValue)

    /// `{"trait": "city", "op": "equals", "value": "Seoul"}`
    private struct Filter: Codable {
        let filter: PeopleQuery.TraitFilter

        private enum Key: String, CodingKey { case trait, op, value }

        init(_ filter: PeopleQuery.TraitFilter) { self.filter = filter }

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "a filter on a trait", allowed: ["trait", "op", "value"])
            guard let trait = try fields.text("trait") else {
                throw fields.error(.missingField, "trait", "must be given: the trait's name")
            }
            let op = try fields.choice("op", default: Operator.equals)
            func bound() throws -> Double { try PeopleSearchRequest.bound(try fields.required("value"), fields) }
            switch op {
            case .equals:
                filter = .init(trait, try Self.test(try fields.required("value", as: TraitValue.self), fields))
            case .oneOf:
                let values = try fields.list("value", of: TraitValue.self, counts: 1...100)
                guard let values else { throw fields.error(.missingField, "value", "must be given: a list") }
                filter = .init(trait, .oneOf(try values.flatMap { try Self.values($0, fields) }))
            case .greaterOrEqual: filter = .init(trait, .between(try bound(), nil))
            case .lessOrEqual: filter = .init(trait, .between(nil, try bound()))
            case .between:
                guard let values = try fields.list("value", of: TraitValue.self, counts: 2...2) else {
                    throw fields.error(.missingField, "value", "must be given: the lowest and the highest")
                }
                let bounds = try values.map { try PeopleSearchRequest.bound($0, fields) }
                filter = .init(trait, .between(bounds[0], bounds[1]))
            case .isSet, .isNotSet:
                guard !fields.has("value") else {
                    throw fields.error(.conflict, "value", "cannot be given beside '\(op.rawValue)'")
                }
                filter = .init(trait, op == .isSet ? .exists : .missing)
            }
        }

        private static func test(_ value: TraitValue, _ fields: Fields) throws -> PeopleQuery.TraitFilter.Test {
            let values = try values(value, fields)
            return values.count == 1 ? .equals(values[0]) : .oneOf(values)
        }

        /// Text that looks like a time may be one, or a text that looks like one.
        private static func values(_ value: TraitValue, _ fields: Fields) throws -> [PropertyValue] {
            switch value.value {
            case .time(let time)?: return [.time(time), .string(Timestamp.text(time))]
            case let single? where !single.type.isList: return [single]
            default: throw fields.error(.wrongType, "value", "must be a text, a number, or true or false")
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(filter.trait, forKey: .trait)
            func put(_ op: Operator) throws { try container.encode(op.rawValue, forKey: .op) }
            switch filter.test {
            case .equals(let value):
                try put(.equals)
                try container.encode(TraitValue(value), forKey: .value)
            case .oneOf(let values):
                try put(.oneOf)
                try container.encode(values.map(TraitValue.init), forKey: .value)
            case .between(let low?, let high?):
                try put(.between)
                try container.encode([low, high], forKey: .value)
            case .between(let low?, nil):
                try put(.greaterOrEqual)
                try container.encode(low, forKey: .value)
            case .between(nil, let high):
                try put(.lessOrEqual)
                try container.encode(high, forKey: .value)
            case .exists: try put(.isSet)
            case .missing: try put(.isNotSet)
            }
        }
    }

    private static func bound(_ value: TraitValue, _ fields: Fields) throws -> Double {
        switch value.value {
        case .number(let number)?: return number
        case .time(let time)?: return Double(time)
        default: throw fields.error(.wrongType, "value", "must be a number or a time")
        }
    }
}
