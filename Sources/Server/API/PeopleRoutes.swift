import Access
import Engine
import EventLog
import Foundation
import Hummingbird
import People

/// Persons: finding, seeing and changing them. A person in a path is an id or a key; keys tell nothing, so they are for
/// whoever keeps personal data out of addresses: `lookup` gives them.
enum PeopleRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .get, "/v1/people/{id}", name: "person", group: "People",
            "One person: profile, ids and their merges, audiences, consents, groups, latest events",
            access: .scope(.peopleRead), answers: [.json(.shared("Person"))]
        ) { call in try await person(call, try call.pathParameter("id")) }
        .pathParameter("id", "An id or the key of the person")
        .sampled("/v1/people/person-of-nobody"),
        APIRoute(
            .post, "/v1/people/lookup", name: "lookUpPerson", group: "People",
            "The same by an id in the body, which no log of addresses sees", access: .scope(.peopleRead),
            answers: [.json(.shared("Person"))]
        ) { call in try await person(call, try await call.json(PersonRequest.self).id) }
        .taking(.json(.object(["id": PeopleSchemas.id]))).failing(.notFound)
        .sampled("/v1/people/lookup", body: #"{"id":"person-of-nobody"}"#),
        APIRoute(
            .post, "/v1/people/search", name: "searchPeople", group: "People",
            "Find people by text (name, address, id, any trait), traits, role, group, time",
            access: .scope(.peopleRead),
            answers: [.json(PeopleSchemas.page)]
        ) { call in
            let request: PeopleSearchRequest = try await call.json()
            let people = try call.workspace().people
            return try call.answer(
                PeoplePageView(try await call.parts.queries.run { try people.search(request.query) }))
        }
        .taking(.json(PeopleSchemas.search))
        .sampled("/v1/people/search", body: #"{"text":"kim","limit":10}"#),
        APIRoute(
            .patch, "/v1/people/{id}/traits", name: "changeTraits", group: "People",
            "Give a person traits; null takes one away", access: .scope(.peopleWrite),
            answers: [.json(.shared("Person"))]
        ) { call in
            let request: TraitsRequest = try await call.json()
            let (live, id) = try await call.livePerson(try call.pathParameter("id"))
            try await live.change(request, of: id, by: call.actorName)
            try call.notePerson("person.traits_changed", id, ["traits": "\(request.traits.count)"])
            try await call.catchUp(live)
            return try await person(call, id, withEvents: false)
        }
        .pathParameter("id", "An id or the key of the person")
        .taking(
            .json(
                .object([
                    "traits": .map(
                        JSONSchema([
                            "type": ["string", "number", "boolean", "array", "null"]
                        ]))
                ]))
        )
        .sampled("/v1/people/person-of-nobody/traits", body: #"{"traits":{"city":"Seoul"}}"#),
        APIRoute(
            .get, "/v1/people/{id}/consents", name: "consents", group: "People",
            "What a person agreed to and refused, and what may be sent to them now", access: .scope(.peopleRead),
            answers: [.json(.shared("Consents"))]
        ) { call in
            let (live, id) = try await call.livePerson(try call.pathParameter("id"))
            return try call.answer(try await call.parts.queries.run { try live.consents(id) })
        }
        .pathParameter("id", "An id or the key of the person")
        .sampled("/v1/people/person-of-nobody/consents"),
        APIRoute(
            .post, "/v1/people/{id}/consents", name: "recordConsents", group: "People",
            "Record what a person agreed to or refused, with what proves it", access: .scope(.peopleWrite),
            answers: [.json(.shared("Consents"))]
        ) { call in
            let request: ConsentRequest = try await call.json()
            let (live, id) = try await call.livePerson(try call.pathParameter("id"))
            try await live.record(request, of: id, by: call.actorName)
            try call.notePerson("person.consents_recorded", id, ["statements": "\(request.statements.count)"])
            try await call.catchUp(live)
            return try call.answer(try await call.parts.queries.run { try live.consents(id) })
        }
        .pathParameter("id", "An id or the key of the person")
        .taking(.json(PeopleSchemas.consentRequest))
        .sampled(
            "/v1/people/person-of-nobody/consents",
            body: #"{"statements":[{"purpose":"marketing","channel":"email","granted":true,"version":"2026-01"}]}"#),
        APIRoute(
            .get, "/v1/groups/{type}/{id}", name: "group", group: "People",
            "A group (a company, a household): traits and members", access: .scope(.peopleRead),
            answers: [
                .json(
                    .object([
                        "type": .text(), "id": .text(), "traits": .map(.any), "total": .integer,
                        "members": .list(.object(["key": .text(), "id": .text()])),
                    ]))
            ]
        ) { call in
            let group = GroupID(type: try call.pathParameter("type"), id: try call.pathParameter("id"))
            let limit = try call.integer("limit", in: 1...1_000) ?? 100
            let live = try call.workspace()
            return try call.answer(try await call.parts.queries.run { try live.group(group, limit: limit) })
        }
        .pathParameter("type", "The group's type, such as company")
        .pathParameter("id", "The group's id")
        .query("limit", .integer(1...1_000), "How many members (default: 100)")
        .sampled("/v1/groups/company/group-of-nobody"),
    ]

    /// How many of the latest events a profile has.
    private static let latest = 20

    /// The events only for those who may see events.
    private static func person(_ call: Call, _ id: String, withEvents: Bool = true) async throws -> Response {
        let live = try call.workspace()
        let seesEvents = withEvents && call.may(.eventsRead)
        return Call.json(
            try await call.parts.queries.run { try live.personDocument(id, latest: seesEvents ? latest : nil) })
    }
}

extension Call {
    /// Who makes a change, as it is kept with what they changed.
    var actorName: String {
        guard let actor = principal?.actor else { return "" }
        return actor.name.isEmpty ? actor.id : "\(actor.kind.rawValue) \(actor.name)"
    }

    /// Whether the caller has a scope beside that of the route.
    func may(_ scope: Scope) -> Bool { principal?.scopes(in: workspaceName).contains(scope) ?? false }

    /// The workspace, and the canonical id of a person who is in it.
    ///
    /// - Throws: `PeopleError` with `notFound`.
    func livePerson(_ person: String) async throws -> (LiveWorkspace, String) {
        let live = try workspace()
        return (live, try await parts.queries.run { try live.profile(person).canonicalID })
    }

    /// Returns when what was appended up to now can be seen.
    func catchUp(_ live: LiveWorkspace) async throws {
        let next = live.log.nextSequence
        try await parts.queries.run { try live.catchUp(through: next) }
    }

    /// An entry of the audit log about a person. Their id may be deleted one day, so the log keeps a digest of it.
    func notePerson(_ action: String, _ id: String, _ detail: [String: String] = [:]) throws {
        let digest = Secrets.digest(id).prefix(8).map { String(format: "%02x", $0) }.joined()
        try access.note(
            change, workspace: workspaceName, action: action, target: "sha256:" + digest, detail: detail)
    }
}
