import Access
import Engine
import EventLog
import Hummingbird
import People

/// Who is who: merges, splits, and ids that are not to be recorded.
enum IdentityRoutes {
    private static let rebuildSchema = JSONSchema.object(
        [
            "state": .oneOf(RebuildView.State.allCases.map(\.rawValue)), "events": .integer, "total": .integer,
            "startedTime": .integer, "finishedTime": .integer, "reason": .text(),
        ], optional: ["startedTime", "finishedTime", "reason"])

    static let routes: [APIRoute] = [
        APIRoute(
            .post, "/v1/people/merge", name: "mergePeople", group: "People",
            "Make two people one; the second keeps the id and their values", access: .scope(.peopleWrite),
            answers: [.json(PeopleSchemas.references)]
        ) { call in
            let request: MergeRequest = try await call.json()
            let (live, person) = try await call.livePerson(request.person)
            // Known from now on, so that the next look at them does not have to wait.
            _ = try await call.livePerson(request.alias)
            try await live.merge(request, by: call.actorName)
            try call.notePerson("person.merged", person)
            try await call.catchUp(live)
            return try call.answer(try await call.parts.queries.run { try live.merged(request) })
        }
        .taking(.json(.object(["alias": PeopleSchemas.id, "person": PeopleSchemas.id]))).failing(.notFound)
        .sampled("/v1/people/merge", body: #"{"alias":"person-of-nobody","person":"somebody-else"}"#),
        APIRoute(
            .post, "/v1/people/split", name: "splitPerson", group: "People",
            "Undo the latest merge of an id: both become what they would be without it", access: .scope(.peopleWrite),
            answers: [.json(PeopleSchemas.references)]
        ) { call in
            let alias = try await call.json(PersonRequest.self).id
            let (live, id) = try await call.livePerson(alias)
            let former = try await live.split(alias, by: call.actorName)
            try call.notePerson("person.split", id)
            try await call.catchUp(live)
            return try call.answer(try await call.parts.queries.run { try live.separated(alias, from: former) })
        }
        .taking(.json(.object(["id": PeopleSchemas.id]))).failing(.notFound)
        .sampled("/v1/people/split", body: #"{"id":"person-of-nobody"}"#),
        APIRoute(
            .post, "/v1/people/rebuild", name: "rebuildPeople", group: "People",
            "Compute everything about people, and who is in which audience, anew from the events, in the background",
            access: .scope(.peopleWrite), answers: [.json(rebuildSchema, status: .accepted, "It has begun, or goes on")]
        ) { call in
            let live = try call.workspace()
            let view = try await call.parts.queries.run { live.startRebuild() }
            try call.access.note(
                call.change, workspace: call.workspaceName, action: "people.rebuilt", target: call.workspaceName,
                detail: ["events": "\(view.total)"])
            return try call.answer(view, status: .accepted)
        }
        // It is about everybody.
        .needing(.peopleDelete)
        .sampled("/v1/people/rebuild"),
        APIRoute(
            .get, "/v1/people/rebuild", name: "rebuildOfPeople", group: "People",
            "How far the latest rebuild has come", access: .scope(.peopleRead), answers: [.json(rebuildSchema)]
        ) { call in try call.answer(try call.workspace().rebuild) }
        .sampled("/v1/people/rebuild"),
        APIRoute(
            .get, "/v1/people/warnings", name: "identityWarnings", group: "People",
            "Merges that were asked for and refused, such as on shared devices, and splits that made no sense",
            access: .scope(.peopleRead),
            answers: [
                .json(
                    .object([
                        "warnings": .list(
                            .object([
                                "kind": .oneOf(IdentityWarning.Kind.allCases.map(\.name)), "alias": .text(),
                                "person": .text(), "count": .integer, "last": .time,
                            ]))
                    ]))
            ]
        ) { call in
            let limit = try call.integer("limit", in: 1...1_000) ?? 100
            let people = try call.workspace().people
            return try call.answer(WarningList(try await call.parts.queries.run { try people.warnings(limit: limit) }))
        }
        .query("limit", .integer(1...1_000), "How many, the latest first (default: 100)")
        .sampled("/v1/people/warnings"),
        APIRoute(
            .post, "/v1/people/suppress", name: "suppressPeople", group: "People",
            "Keep ids from being recorded, also ones that were never seen", access: .scope(.peopleDelete),
            answers: [.json(.object(["suppressed": .integer]))]
        ) { call in
            let request: SuppressionRequest = try await call.json()
            let people = try call.workspace().people
            try await call.parts.queries.run { try people.suppress(request.ids) }
            for id in request.ids { try call.notePerson("person.suppressed", id) }
            return try call.answer(Suppressed(suppressed: request.ids.count))
        }
        .taking(.json(.object(["ids": .list(PeopleSchemas.id, counts: SuppressionRequest.counts)])))
        .sampled("/v1/people/suppress", body: #"{"ids":["person-of-nobody-who-is-suppressed"]}"#),
        APIRoute(
            .post, "/v1/people/release", name: "releasePeople", group: "People",
            "Record an id again from now on, because its owner wants it", access: .scope(.peopleDelete),
            answers: [.json(.object(["released": .boolean]))]
        ) { call in
            let id = try await call.json(PersonRequest.self).id
            let live = try call.workspace()
            let released = try await call.parts.queries.run {
                try live.people.release(id, nextSequence: live.log.nextSequence)
            }
            if released { try call.notePerson("person.released", id) }
            return try call.answer(Released(released: released))
        }
        .taking(.json(.object(["id": PeopleSchemas.id])))
        .sampled("/v1/people/release", body: #"{"id":"person-of-nobody"}"#),
    ]

    private struct Suppressed: Encodable { var suppressed: Int }
    private struct Released: Encodable { var released: Bool }
}
