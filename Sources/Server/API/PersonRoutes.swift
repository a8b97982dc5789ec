import Access
import Engine
import EventLog
import Foundation
import Hummingbird
import People

/// One person: what they did, and forgetting them.
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
        .pathParameter("id", "An id of the person")
        .query("last", .integer(1...100_000), "Only so many of the latest (default: 1000)")
        .sampled("/v1/people/person-of-nobody/events"),
        APIRoute(
            .delete, "/v1/people/{id}", name: "forget", group: "People",
            "Delete everything about a person, from disk too; cannot be undone", access: .scope(.peopleDelete),
            answers: [.json(.object(["forgotten": .text(), "events": .integer]))]
        ) { call in
            let person = try call.pathParameter("id")
            let workspace = try call.workspace()
            let receipt = try await call.parts.queries.run { try workspace.delete(person) }
            let removed = receipt.counts["events"] ?? 0
            // The id itself is gone as well, so the audit log keeps a digest of it.
            let digest = Secrets.digest(person).prefix(8).map { String(format: "%02x", $0) }.joined()
            try call.access.note(
                call.change, workspace: call.workspaceName, action: "person.forgotten", target: "sha256:" + digest,
                detail: ["events": "\(removed)"])
            return try call.answer(Forgotten(forgotten: person, events: removed))
        }
        .pathParameter("id", "An id of the person")
        .sampled("/v1/people/person-of-nobody"),
    ]

    private struct History: Encodable {
        var events: [EventView]
        var total: Int
        var firstEvent: String?
        var lastEvent: String?
    }

    private struct Forgotten: Encodable {
        var forgotten: String
        var events: Int
    }

    private static let historySchema = JSONSchema.object([
        "events": .list(.shared("Event")), "total": .integer, "firstEvent": .time, "lastEvent": .time,
    ])
}
