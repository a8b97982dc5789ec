import Access
import Engine
import EventLog
import Hummingbird

/// What one person did.
enum PersonRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .get, "/v1/people/{id}/events", name: "history", group: "People", "What one person did, in order",
            access: .scope(.eventsRead), answers: [.json(historySchema)]
        ) { call in
            let person = try call.pathParameter("id")
            let last = try call.integer("last", in: 1...100_000) ?? 1000
            let workspace = try call.workspace()
            let events = try await call.parts.queries.run { try workspace.history(of: person) }
            if events.isEmpty { throw Problem.notFound("nobody with the id '\(person)' has done anything here") }
            return try call.answer(
                History(
                    events: events.suffix(last).map(EventView.init), total: events.count,
                    firstEvent: events.first.map { Timestamp.text($0.event.time) },
                    lastEvent: events.last.map { Timestamp.text($0.event.time) }))
        }
        .pathParameter("id", "An id or the key of the person")
        .query("last", .integer(1...100_000), "Only so many of the latest (default: 1000)")
        .sampled("/v1/people/person-of-nobody/events")
    ]

    private struct History: Encodable {
        var events: [EventView]
        var total: Int
        var firstEvent: String?
        var lastEvent: String?
    }

    private static let historySchema = JSONSchema.object([
        "events": .list(.shared("Event")), "total": .integer, "firstEvent": .time, "lastEvent": .time,
    ])
}
