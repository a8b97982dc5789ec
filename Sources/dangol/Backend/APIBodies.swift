import Analysis
import Engine
import EventLog
import Foundation

// What the server answers, as far as commands need it.

extension CodingUserInfoKey {
    /// The kind of the query that was asked.
    static let queryKind = CodingUserInfoKey(rawValue: "dangol.queryKind")!
}

struct AnswerBody: Decodable {
    /// The answer, whose form the query's kind decides.
    private struct Result: Decodable {
        var value: QueryResult

        init(from decoder: any Decoder) throws {
            guard let kind = decoder.userInfo[.queryKind] as? Query.Kind else { throw APIClient.notUnderstood }
            value = try QueryResult(kind, from: decoder)
        }
    }

    private enum Key: String, CodingKey { case result, explanation }

    var result: QueryResult
    var explanation: QueryExplanation

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        result = try container.decode(Result.self, forKey: .result).value
        explanation = try container.decode(QueryExplanation.self, forKey: .explanation)
    }
}

struct EventBody: Decodable {
    var messageId: String?
    var userId: String
    var event: String
    var timestamp: String
    var properties: [String: ValueBody]

    func decoded() throws -> Event {
        guard let time = Timestamp.milliseconds(timestamp) else { throw APIClient.notUnderstood }
        return Event(
            person: userId, name: event, time: time,
            properties: properties.sorted { $0.key < $1.key }.map { Event.Property($0.key, $0.value.value) },
            messageID: messageId)
    }
}

/// A property's value. Text that is written as the log writes times is a time, as in an import.
struct ValueBody: Decodable {
    var value: PropertyValue

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            value = .boolean(flag)
        } else if let number = try? container.decode(Double.self) {
            value = .number(number)
        } else if let text = try? container.decode(String.self) {
            value = Timestamp.milliseconds(text).map { .time($0) } ?? .string(text)
        } else if let list = try? container.decode([Bool].self), !list.isEmpty {
            value = .booleans(list)
        } else if let list = try? container.decode([Double].self), !list.isEmpty {
            value = .numbers(list)
        } else {
            let list = try container.decode([String].self)
            let times = list.compactMap(Timestamp.milliseconds)
            value = times.count == list.count && !list.isEmpty ? .times(times) : .strings(list)
        }
    }
}

struct PageBody: Decodable {
    var events: [EventBody]
    var nextCursor: String
    var hasMore: Bool
}

struct FoundBody: Decodable {
    var events: [EventBody]
    var matched: Int
    var notes: [String]
}

struct HistoryBody: Decodable {
    var events: [EventBody]
    var total: Int
    var firstEvent: String
    var lastEvent: String
}

struct SchemaBody: Decodable {
    struct Event: Decodable {
        var name: String
        var count: Int
        var first: String
        var last: String
    }

    struct Property: Decodable {
        var name: String
        var type: String
        var count: Int
        var bytes: Int?
        var examples: [ValueBody]?

        func propertyType() throws -> PropertyType {
            guard let found = PropertyType.allCases.first(where: { $0.label == type }) else {
                throw APIClient.notUnderstood
            }
            return found
        }
    }

    var total: Int
    var events: [Event]
    var properties: [Property]

    func statistics() throws -> LogStatistics {
        var statistics = LogStatistics()
        statistics.events = total
        statistics.eventNames = try events.map { event in
            guard let first = Timestamp.milliseconds(event.first), let last = Timestamp.milliseconds(event.last) else {
                throw APIClient.notUnderstood
            }
            return LogStatistics.EventName(name: event.name, count: event.count, firstTime: first, lastTime: last)
        }
        statistics.properties = try properties.map {
            LogStatistics.PropertyColumn(
                name: $0.name, type: try $0.propertyType(), count: $0.count, bytes: $0.bytes ?? 0)
        }
        return statistics
    }

    func schema(of event: String) throws -> EventSchema {
        EventSchema(
            event: event, count: total,
            properties: try properties.map {
                EventSchema.Property(
                    name: $0.name, type: try $0.propertyType(), count: $0.count,
                    examples: ($0.examples ?? []).map(\.value))
            })
    }
}

struct ImportBody: Decodable {
    struct Rejected: Decodable {
        var line: UInt64
        var reason: String
        var text: String

        var rejection: Rejection { Rejection(line: line, reason: reason, text: text) }
    }

    var lines: UInt64
    var linesKnown: UInt64
    var stored: Int
    var duplicates: Int
    var rejected: Int
    var rejections: [Rejected]
    var seconds: Double

    var summary: ImportService.Summary {
        var summary = ImportService.Summary()
        summary.lines = lines
        summary.linesSkipped = linesKnown
        summary.stored = stored
        summary.duplicates = duplicates
        summary.rejected = rejected
        summary.seconds = seconds
        return summary
    }
}
