import Engine
import EventLog

/// What there is in a log, as JSON.
struct SchemaView: Encodable {
    struct Event: Encodable {
        var name: String
        var count: Int
        var first: String
        var last: String
    }

    struct Property: Encodable {
        var name: String
        var type: String
        var count: Int
        /// Bytes on disk; of all events only.
        var bytes: Int?
        /// Some values as JSON; of one event only, and for those who may see single events.
        var examples: [JSONValue]?
    }

    /// All events.
    var total: Int
    var events: [Event]
    var properties: [Property]

    init(_ statistics: LogStatistics) {
        total = statistics.events
        events = statistics.eventNames.map {
            Event(
                name: $0.name, count: $0.count, first: Timestamp.text($0.firstTime), last: Timestamp.text($0.lastTime))
        }
        properties = statistics.properties.map {
            Property(name: $0.name, type: $0.type.label, count: $0.count, bytes: $0.bytes)
        }
    }

    init(_ schema: EventSchema, withExamples: Bool) {
        total = schema.count
        events = []
        properties = schema.properties.map {
            Property(
                name: $0.name, type: $0.type.label, count: $0.count,
                examples: withExamples ? $0.examples.map(JSONValue.init) : nil)
        }
    }

    static let schema = JSONSchema.object([
        "total": .integer,
        "events": .list(.object(["name": .text(), "count": .integer, "first": .time, "last": .time])),
        "properties": .list(
            .object(
                ["name": .text(), "type": .text(), "count": .integer, "bytes": .integer, "examples": .list(.any)],
                optional: ["bytes", "examples"])),
    ])
}

extension StatisticsView {
    static let schema = JSONSchema.object(
        [
            "workspace": .text(), "events": .integer, "identities": .integer, "merges": .integer,
            "eventNames": .integer, "propertyColumns": .integer, "firstEvent": .time, "lastEvent": .time,
            "segments": .integer, "segmentBytes": .integer, "writeAheadLogBytes": .integer, "recentEvents": .integer,
            "keepMilliseconds": .integer,
        ], optional: ["firstEvent", "lastEvent", "keepMilliseconds"])
}

extension JSONValue {
    init(_ value: PropertyValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .number(let number): self = .number(number)
        case .boolean(let flag): self = .boolean(flag)
        case .time(let time): self = .string(Timestamp.text(time))
        case .strings(let list): self = .array(list.map { .string($0) })
        case .numbers(let list): self = .array(list.map { .number($0) })
        case .booleans(let list): self = .array(list.map { .boolean($0) })
        case .times(let list): self = .array(list.map { .string(Timestamp.text($0)) })
        }
    }
}
