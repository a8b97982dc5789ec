import Access
import Analysis
import Audiences
import Engine
import EventLog
import Foundation
import Hummingbird

/// Audiences: their definitions, and what they come to.
enum AudienceRoutes {
    static let routes: [APIRoute] = definitions + questions + AudienceMemberRoutes.routes

    private static let definitions: [APIRoute] = [
        APIRoute(
            .get, "/v1/audiences", name: "listAudiences", group: "Audiences", "All audiences, with their sizes",
            access: .scope(.audiencesRead), answers: [.json(.object(["audiences": .list(.shared("Audience"))]))]
        ) { call in
            try call.answer(["audiences": try call.workspace().audiences.list().map(AudienceView.init)])
        }
        .sampled("/v1/audiences"),
        APIRoute(
            .post, "/v1/audiences", name: "createAudience", group: "Audiences",
            "Define an audience, by text or by a tree of conditions, and find its members",
            access: .scope(.audiencesWrite), answers: [.json(.shared("Audience"), status: .created)]
        ) { call in
            let definition: AudienceDefinition = try await call.json()
            let made = try await call.changeAudiences { try $0.audiences.create(definition) }
            try call.noteAudience("audience.created", made)
            return try call.answer(AudienceView(made), status: .created)
        }
        .taking(.json(definitionSchema)).failing(.conflict)
        .sampled("/v1/audiences", body: #"{"name":"sample","where":"did \"Order\" at least 2 times"}"#),
        APIRoute(
            .get, "/v1/audiences/{id}", name: "audience", group: "Audiences", "One audience",
            access: .scope(.audiencesRead), answers: [.json(.shared("Audience"))]
        ) { call in try call.answer(AudienceView(try call.audience())) }
        .audienceParameter().sampled("/v1/audiences/nothing"),
        APIRoute(
            .put, "/v1/audiences/{id}", name: "replaceAudience", group: "Audiences",
            "Give an audience another definition; its members change with it", access: .scope(.audiencesWrite),
            answers: [.json(.shared("Audience"))]
        ) { call in
            let version = try call.integer("version", in: 1...Int.max)
            let definition: AudienceDefinition = try await call.json()
            let name = try call.audience().name
            let changed = try await call.changeAudiences {
                try $0.audiences.update(name, to: definition, version: version)
            }
            try call.noteAudience("audience.changed", changed)
            return try call.answer(AudienceView(changed))
        }
        .audienceParameter()
        .query("version", .integer(1...Int.max), "The version that the change was made from; another is a conflict")
        .taking(.json(definitionSchema)).failing(.conflict)
        .sampled("/v1/audiences/nothing", body: #"{"name":"nothing","where":"everyone"}"#),
        APIRoute(
            .delete, "/v1/audiences/{id}", name: "deleteAudience", group: "Audiences",
            "Delete an audience that no other mentions", access: .scope(.audiencesWrite), answers: [.nothing()]
        ) { call in
            let audience = try call.audience()
            _ = try await call.changeAudiences { try $0.audiences.delete(audience.name) }
            try call.noteAudience("audience.deleted", audience)
            return call.nothing()
        }
        .audienceParameter().failing(.conflict).sampled("/v1/audiences/nothing"),
        APIRoute(
            .get, "/v1/audiences/{id}/versions", name: "audienceVersions", group: "Audiences",
            "Every definition that an audience has had, the oldest first", access: .scope(.audiencesRead),
            answers: [.json(.object(["versions": .list(versionSchema)]))]
        ) { call in
            let name = try call.audience().name
            let versions = try call.workspace().audiences.versions(name).map {
                AudienceVersionView(version: $0.version, predicate: $0.predicate, time: $0.time)
            }
            return try call.answer(["versions": versions])
        }
        .audienceParameter().sampled("/v1/audiences/nothing/versions"),
    ]

    private static let questions: [APIRoute] = [
        APIRoute(
            .post, "/v1/audiences/preview", name: "previewAudience", group: "Audiences",
            "How many would fit a predicate, and some of them for who may see people; nothing is stored",
            access: .scope(.audiencesRead),
            answers: [.json(previewSchema)]
        ) { call in
            let body: PreviewRequest = try await call.json()
            let audiences = try call.workspace().audiences
            let sample = call.may(.peopleRead) ? body.sample : 0
            let preview = try await call.parts.queries.run {
                try audiences.preview(body.predicate, exactly: body.exact, sample: sample)
            }
            return try call.answer(Previewed(preview: preview, text: body.predicate.text, predicate: body.predicate))
        }
        .taking(
            .json(
                .object(
                    ["where": predicateSchema, "exact": .boolean, "sample": .integer(0...100)],
                    optional: ["exact", "sample"]))
        )
        .sampled("/v1/audiences/preview", body: #"{"where":"everyone"}"#),
        APIRoute(
            .post, "/v1/audiences/overlap", name: "audienceOverlap", group: "Audiences",
            "How many are in each combination of audiences", access: .scope(.audiencesRead),
            answers: [.json(overlapSchema)]
        ) { call in
            let body: OverlapRequest = try await call.json()
            let audiences = try call.workspace().audiences
            return try call.answer(try await call.parts.queries.run { try audiences.overlap(body.audiences) })
        }
        .taking(.json(.object(["audiences": .list(.text(lengths: 1...200), counts: 2...8)])))
        .failing(.notFound)
        .sampled("/v1/audiences/overlap", body: #"{"audiences":["a","b"]}"#),
        APIRoute(
            .get, "/v1/audiences/{id}/sizes", name: "audienceSizes", group: "Audiences",
            "The size of an audience at the end of each hour or day, and who came and went",
            access: .scope(.audiencesRead), answers: [.json(.object(["sizes": .list(sizeSchema)]))]
        ) { call in
            let name = try call.audience().name
            let text = call.text("by") ?? AudienceService.SizeInterval.day.rawValue
            guard let interval = AudienceService.SizeInterval(rawValue: text) else {
                throw Problem.badRequest("must be hour or day", field: "by")
            }
            let now = call.parts.installation.now()
            let end = try call.time("to") ?? now + 1
            let start = try call.time("from") ?? end - (interval == .day ? 30 : 2) * 86_400_000
            let sizes = try call.workspace().audiences.sizes(name, by: interval, from: start, to: end)
            return try call.answer(["sizes": sizes.map(AudienceSizeView.init)])
        }
        .audienceParameter()
        .query("by", .oneOf(AudienceService.SizeInterval.allCases.map(\.rawValue)), "hour or day (default: day)")
        .query("from", .time, "From this time on (default: 30 days, or 48 hours, before the end)")
        .query("to", .time, "Until this time (default: now)")
        .sampled("/v1/audiences/nothing/sizes"),
        APIRoute(
            .post, "/v1/audiences/{id}/explain", name: "explainAudience", group: "Audiences",
            "Why a person is in an audience or not: each condition with what was found",
            access: .scope(.audiencesRead), answers: [.json(explanationSchema)]
        ) { call in
            let body: PersonRequest = try await call.json()
            let name = try call.audience().name
            let workspace = try call.workspace()
            let explanation = try await call.parts.queries.run { try workspace.explain(name, person: body.person) }
            return try call.answer(explanation)
        }
        .audienceParameter()
        .taking(.json(.object(["person": .text(lengths: 1...512)])))
        .needing(.peopleRead)
        .sampled("/v1/audiences/nothing/explain", body: #"{"person":"u1"}"#),
    ]

    // MARK: Requests

    private struct PreviewRequest: Decodable {
        var predicate: AudiencePredicate
        var exact: Bool
        var sample: Int

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "the request", allowed: ["where", "exact", "sample"])
            exact = try fields.optional("exact") ?? false
            sample = try fields.integer("sample", in: 0...100, default: 10)
            if let text = try? fields.optional("where", as: String.self) {
                predicate = try AudiencePredicate(text: text)
            } else {
                predicate = try fields.required("where", as: AudiencePredicate.self)
            }
        }
    }

    private struct Previewed: Encodable {
        var preview: AudiencePreview
        var text: String
        var predicate: AudiencePredicate

        private enum Key: String, CodingKey { case `where`, predicate }

        func encode(to encoder: any Encoder) throws {
            try preview.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(text, forKey: .where)
            try container.encode(predicate, forKey: .predicate)
        }
    }

    private struct OverlapRequest: Decodable {
        var audiences: [String]

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "the request", allowed: ["audiences"])
            guard let names = try fields.list("audiences", of: String.self, counts: 2...8) else {
                throw fields.error(.missingField, "audiences", "must be given: the audiences' names")
            }
            audiences = names
        }
    }

    private struct PersonRequest: Decodable {
        var person: String

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "the request", allowed: ["person"])
            guard let person = try fields.text("person") else {
                throw fields.error(.missingField, "person", "must be given: an id or the key of a person")
            }
            self.person = person
        }
    }

    // MARK: Schemas

    /// A predicate as text or as an object.
    private static let predicateSchema = JSONSchema(["anyOf": [["type": "string"], ["type": "object"]]])

    private static let definitionSchema = JSONSchema.object(
        [
            "name": .text(lengths: 1...AudienceDefinition.nameLength),
            "description": .text(lengths: 0...AudienceDefinition.descriptionLength), "where": predicateSchema,
            "static": .boolean,
        ], optional: ["description", "where", "static"])

    static let schema = JSONSchema.object(
        [
            "id": .integer, "name": .text(), "description": .text(), "where": .text(), "predicate": .any,
            "static": .boolean, "size": .integer, "version": .integer, "createdAt": .time, "updatedAt": .time,
            "evaluatedAt": .time,
        ], optional: ["where", "predicate", "evaluatedAt"])

    private static let versionSchema = JSONSchema.object(
        ["version": .integer, "where": .text(), "time": .time], optional: ["where"])

    private static let previewSchema = JSONSchema.object([
        "size": .integer, "isExact": .boolean, "low": .integer, "high": .integer, "persons": .integer,
        "sample": .list(.text()), "seconds": .number, "where": .text(), "predicate": .any,
    ])

    private static let overlapSchema = JSONSchema.object([
        "sizes": .map(.integer), "inAll": .integer, "inAny": .integer,
        "regions": .list(.object(["audiences": .list(.text()), "persons": .integer])),
    ])

    private static let sizeSchema = JSONSchema.object([
        "time": .time, "size": .integer, "entered": .integer, "left": .integer,
    ])

    static let partSchema = JSONSchema.object([
        "kind": .oneOf(["and", "or", "not", "condition"]), "text": .text(), "holds": .boolean,
        "found": .object(["en": .text(), "ko": .text()]), "parts": .list(.shared("ExplanationPart")),
    ])

    private static let explanationSchema = JSONSchema.object(
        [
            "audience": .text(), "person": .text(), "isMember": .boolean, "since": .time, "holds": .boolean,
            "nextChange": .time, "mayBeProfiled": .boolean, "predicate": .shared("ExplanationPart"),
        ], optional: ["since", "holds", "nextChange", "predicate"])
}

extension APIRoute {
    func audienceParameter() -> APIRoute { pathParameter("id", "The audience's name, or its number") }
}

extension Call {
    /// The audience that the path names.
    func audience() throws -> Audience { try workspace().audiences.audience(nameOrID: try pathParameter("id")) }

    /// Runs a change of audiences where it may take long, and then has its consequences worked on.
    func changeAudiences<Value: Sendable>(
        _ body: @escaping @Sendable (LiveWorkspace) throws -> Value
    ) async throws -> Value {
        let workspace = try workspace()
        let value = try await parts.queries.run { try body(workspace) }
        workspace.wake()
        return value
    }

    func noteAudience(_ action: String, _ audience: Audience, detail: [String: String] = [:]) throws {
        try access.note(
            change, workspace: workspaceName, action: action, target: "\(audience.id)",
            detail: detail.merging(["name": audience.name]) { own, _ in own })
    }

    /// A moment, in milliseconds UTC.
    func time(_ name: String) throws -> Int64? {
        guard let text = text(name) else { return nil }
        guard let time = Timestamp.milliseconds(text) else {
            throw Problem.badRequest("must be a time such as 2024-05-01T00:00:00.000Z", field: name)
        }
        return time
    }
}
