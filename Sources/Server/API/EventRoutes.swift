import Access
import Analysis
import Engine
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Single events: found, in the order in which they came, and as they come.
enum EventRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .get, "/v1/events", name: "listEvents", group: "Events",
            "Events in the order in which they were stored: the latest, or a page from a cursor on",
            access: .scope(.eventsRead), answers: [.json(pageSchema)]
        ) { call in
            let limit = try call.integer("limit", in: 1...10_000) ?? 100
            let cursor = try call.cursor("cursor")
            let filter = EventFilter(call)
            let tail = EventTail(log: try call.workspace().log)
            let page = try await call.parts.queries.run { () -> EventTail.Page in
                if let cursor { return try tail.page(from: cursor, limit: limit, where: filter.accepts) }
                let latest = try tail.latest(limit)
                let next = latest.last.map { $0.sequence + 1 } ?? 0
                return EventTail.Page(events: latest.filter(filter.accepts), next: next, hasMore: false)
            }
            return try call.answer(
                EventPage(
                    events: page.events.map(EventView.init), nextCursor: String(page.next), hasMore: page.hasMore))
        }
        .query("cursor", .text(lengths: 1...20, example: "0"), "Where to go on: `nextCursor` of the page before, or 0")
        .query("limit", .integer(1...10_000), "At most so many")
        .query("event", .text(lengths: 1...256), "Only events of this name; may be repeated")
        .query("person", .text(lengths: 1...512), "Only events that were sent with this id")
        .sampled("/v1/events?limit=5"),
        APIRoute(
            .post, "/v1/events/search", name: "searchEvents", group: "Events",
            "The latest events that match, by when they happened", access: .scope(.eventsRead),
            answers: [.json(foundSchema)]
        ) { call in
            let search: EventSearch = try await call.json()
            let (log, now) = (try call.workspace().log, call.parts.installation.now())
            let found = try await call.parts.queries.run { try search.run(on: try log.snapshot(), now: now) }
            return try call.answer(
                Found(events: found.events.map(EventView.init), matched: found.matched, notes: found.notes))
        }
        .taking(.json(searchSchema))
        .sampled("/v1/events/search", body: #"{"limit":5}"#),
        APIRoute(
            .get, "/v1/events/stream", name: "streamEvents", group: "Events",
            "Events as they are stored, as server-sent events", access: .scope(.eventsRead),
            answers: [.text("text/event-stream", summary: "One `event` a stored event; its `id` is the cursor")]
        ) { call in try EventStream.respond(call) }
        .query("cursor", .text(lengths: 1...20, example: "0"), "Begin there instead of now")
        .query("event", .text(lengths: 1...256), "Only events of this name; may be repeated")
        .query("person", .text(lengths: 1...512), "Only events that were sent with this id"),
    ]

    private struct EventPage: Encodable {
        var events: [EventView]
        var nextCursor: String
        var hasMore: Bool
    }

    private struct Found: Encodable {
        var events: [EventView]
        var matched: Int
        var notes: [String]
    }

    private static let pageSchema = JSONSchema.object([
        "events": .list(.shared("Event")), "nextCursor": .text(), "hasMore": .boolean,
    ])
    private static let foundSchema = JSONSchema.object([
        "events": .list(.shared("Event")), "matched": .integer, "notes": .list(.text()),
    ])
    private static let searchSchema = JSONSchema.object(
        [
            "event": .text(lengths: 1...256), "events": .list(.text(lengths: 1...256), counts: 1...1000),
            "filters": .any, "name": .text(lengths: 1...256), "from": .text(example: "2024-05-01"),
            "to": .text(example: "2024-05-31"), "timeZone": .text(example: "Asia/Seoul"),
            "person": .text(lengths: 1...512), "limit": .integer(EventSearch.limits),
        ], optional: ["event", "events", "filters", "name", "from", "to", "timeZone", "person", "limit"])
}

/// Which events a caller asked for in the query.
struct EventFilter: Sendable {
    private let events: Set<String>
    private let person: String?

    init(_ call: Call) {
        events = Set(call.texts("event"))
        person = call.text("person")
    }

    func accepts(_ stored: StoredEvent) -> Bool {
        (events.isEmpty || events.contains(stored.event.name)) && (person == nil || person == stored.event.person)
    }
}

/// An event in the shape of Segment's track call, with what the log knows of it.
struct EventView: Encodable {
    var type = "track"
    var messageId: String?
    var userId: String
    var event: String
    var timestamp: String
    var properties: [String: JSONValue]
    var sequence: UInt64?
    var receivedAt: String?

    init(_ event: Event) {
        messageId = event.messageID
        userId = event.person
        self.event = event.name
        timestamp = Timestamp.text(event.time)
        properties = Dictionary(event.properties.map { ($0.name, JSONValue($0.value)) }) { first, _ in first }
    }

    init(_ stored: StoredEvent) {
        self.init(stored.event)
        sequence = stored.sequence
        receivedAt = Timestamp.text(stored.receivedTime)
    }
}

extension Call {
    /// A place in the order of events.
    func cursor(_ name: String) throws -> UInt64? {
        guard let text = text(name) else { return nil }
        guard text.utf8.count <= 19, let number = UInt64(text) else {
            throw Problem.badRequest("must be a cursor of an earlier answer, or 0", field: name)
        }
        return number
    }
}
