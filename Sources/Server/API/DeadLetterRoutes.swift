import Access
import Analysis
import Collection
import Engine
import Foundation
import Hummingbird

/// What came in and could not be stored, and what was expected to come in.
enum DeadLetterRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .get, "/v1/collection/dead-letters", name: "listDeadLetters", group: "Collection",
            "Rejected events with the reason, the newest first", access: .scope(.collectionRead),
            answers: [
                .json(
                    .object(
                        ["letters": .list(.shared("DeadLetter")), "total": .integer, "next": .integer],
                        optional: ["next"]))
            ]
        ) { call in
            let limit = try call.integer("limit", in: 1...1_000) ?? 100
            let before = try call.integer("before", in: 1...Int.max)
            return try call.answer(
                try call.workspace().collection.deadLetterPage(before: before.map(Int64.init), limit: limit))
        }
        .query("limit", .integer(1...1_000), "How many (default: 100)")
        .query("before", .integer(1...Int.max), "Only those older than this id: `next` of the page before")
        .sampled("/v1/collection/dead-letters"),
        APIRoute(
            .get, "/v1/collection/dead-letters/{id}", name: "deadLetter", group: "Collection",
            "One rejected event with the reason", access: .scope(.collectionRead),
            answers: [.json(.shared("DeadLetter"))]
        ) { call in
            let text = try call.pathParameter("id")
            guard let id = Int64(text) else { throw Problem.notFound("there is no dead letter '\(text.prefix(40))'") }
            return try call.answer(DeadLetterView(try call.workspace().collection.deadLetter(id)))
        }
        .pathParameter("id", "The letter's id, as the list shows it")
        .sampled("/v1/collection/dead-letters/1"),
        APIRoute(
            .post, "/v1/collection/dead-letters/replay", name: "replayDeadLetters", group: "Collection",
            "Send rejected events through again, at the times at which they came", access: .scope(.collectionWrite),
            answers: [
                .json(
                    .object([
                        "stored": .list(.integer),
                        "rejected": .list(.object(["id": .integer, "reason": .text()])),
                    ]))
            ]
        ) { call in
            let body: Chosen = try await call.json()
            let result = try await call.workspace().collection.replay(body.ids)
            try call.access.note(
                call.change, workspace: call.workspaceName, action: "dead_letters.replayed",
                target: "\(body.ids.count)", detail: ["stored": "\(result.stored.count)"])
            return try call.answer(ReplayView(result))
        }
        .taking(.json(.object(["ids": .list(.integer(1...Int.max), counts: 1...1_000)]))).failing(.notFound)
        .sampled("/v1/collection/dead-letters/replay", body: #"{"ids":[1]}"#),
        APIRoute(
            .post, "/v1/collection/dead-letters/remove", name: "removeDeadLetters", group: "Collection",
            "Remove rejected events for good", access: .scope(.collectionWrite), answers: [.nothing()]
        ) { call in
            let body: Chosen = try await call.json()
            try call.workspace().collection.removeDeadLetters(body.ids)
            try call.access.note(
                call.change, workspace: call.workspaceName, action: "dead_letters.removed",
                target: "\(body.ids.count)", detail: [:])
            return call.nothing()
        }
        .taking(.json(.object(["ids": .list(.integer(1...Int.max), counts: 1...1_000)])))
        .sampled("/v1/collection/dead-letters/remove", body: #"{"ids":[1]}"#),
    ]

    private struct Chosen: Decodable {
        var ids: [Int64]

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "the request", allowed: ["ids"])
            guard let ids = try fields.list("ids", of: Int64.self, counts: 1...1_000) else {
                throw fields.error(.missingField, "ids", "must be given: the letters' ids")
            }
            self.ids = ids
        }
    }

    static let schema = JSONSchema.object([
        "id": .integer, "endpoint": .text(), "reason": .text(), "field": .text(), "text": .text(),
        "isComplete": .boolean, "receivedAt": .time,
    ])
}
