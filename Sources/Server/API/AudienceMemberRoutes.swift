import Access
import Analysis
import Audiences
import Engine
import Foundation
import Hummingbird
import NIOCore

/// Who is in an audience: pages, files, calls of webhooks, and lists that are kept by hand.
enum AudienceMemberRoutes {
    private static let idsMax = 10_000
    private static let traitsMax = 100

    static let routes: [APIRoute] = [
        APIRoute(
            .get, "/v1/audiences/{id}/members", name: "audienceMembers", group: "Audiences",
            "A page of members, since when each", access: .scope(.audiencesRead), answers: [.json(membersSchema)]
        ) { call in
            let name = try call.audience().name
            let limit = try call.integer("limit", in: 1...AudienceService.pageLimit) ?? 100
            let audiences = try call.workspace().audiences
            let after = call.text("after")
            let page = try await call.parts.queries.run { try audiences.members(name, after: after, limit: limit) }
            return try call.answer(AudienceMembersView(page))
        }
        .audienceParameter()
        .query("limit", .integer(1...AudienceService.pageLimit), "How many (default: 100)")
        .query("after", .text(lengths: 1...30), "Go on from here: `next` of the page before")
        .needing(.peopleRead)
        .sampled("/v1/audiences/nothing/members"),
        listRoute("add", name: "addToAudience", "Add persons to a list that is kept by hand", isIn: true),
        listRoute("remove", name: "removeFromAudience", "Take persons out of a list that is kept by hand", isIn: false),
        APIRoute(
            .get, "/v1/audiences/{id}/export", name: "exportAudience", group: "Audiences",
            "All members with some of their traits, as CSV or JSON", access: .scope(.audiencesRead),
            answers: [.text("text/csv", "application/json", summary: "A header and a line for each member, or a list")]
        ) { call in try await export(call) }
        .audienceParameter()
        .query("format", .oneOf(AudienceService.ExportFormat.allCases.map(\.rawValue)), "csv or json (default: csv)")
        .query("trait", .text(lengths: 1...256), "A trait to write beside each; may be repeated")
        .needing(.peopleRead, .export)
        .sampled("/v1/audiences/nothing/export"),
        adRoute(
            "/v1/audiences/{id}/hashed", name: "exportHashedAudience",
            "The members' addresses as an ad platform takes them: normalised, then SHA-256",
            answers: [.text("text/csv", summary: "A header and a line for each member with an address")]
        ) { try await exportHashed($0) }
        .needing(.peopleRead, .export)
        .sampled("/v1/audiences/nothing/hashed?platform=meta&consent=none"),
        adRoute(
            "/v1/audiences/{id}/hashed/report", name: "hashedAudienceReport",
            "What a hashed export would write and leave out", answers: [.json(reportSchema)]
        ) { call in
            let options = try adOptions(call)
            let name = try call.audience().name
            let audiences = try call.workspace().audiences
            let report = try await call.parts.queries.run {
                try audiences.exportHashed(
                    name, for: options.platform, traits: (options.emailTrait, options.phoneTrait),
                    countryCode: options.countryCode, consent: options.consent, write: { _ in })
            }
            return try call.answer(report)
        }
        .sampled("/v1/audiences/nothing/hashed/report?platform=meta&consent=none"),
        APIRoute(
            .post, "/v1/audiences/{id}/send", name: "sendAudience", group: "Audiences",
            "Hand all members to a webhook, 500 a call, signed as Standard Webhooks has it",
            access: .scope(.audiencesWrite),
            answers: [.json(.object(["calls": .integer]), status: .accepted, "The calls wait to be made")]
        ) { call in
            let body: SendRequest = try await call.json()
            try call.parts.settings.webhooks.check(body.url)
            let audience = try call.audience()
            let calls = try await call.changeAudiences {
                try $0.audiences.send(audience.name, to: body.url, request: body.request, traits: body.traits)
            }
            // The rest of the address may hold a secret.
            let host = URL(string: body.url)?.host ?? ""
            try call.noteAudience("audience.sent", audience, detail: ["host": host, "calls": "\(calls)"])
            return try call.answer(["calls": calls], status: .accepted)
        }
        .audienceParameter()
        .taking(
            .json(
                .object(
                    [
                        "url": .text(lengths: 1...2_000, example: "https://example.com/hook"),
                        "request": .text(lengths: 1...100), "traits": .list(.text(), counts: 0...traitsMax),
                    ], optional: ["request", "traits"]))
        )
        .needing(.peopleRead, .export)
        .sampled("/v1/audiences/nothing/send", body: #"{"url":"https://example.com/hook"}"#),
    ]

    // MARK: Lists

    private static func listRoute(_ verb: String, name: String, _ summary: String, isIn: Bool) -> APIRoute {
        APIRoute(
            .post, "/v1/audiences/{id}/\(verb)", name: name, group: "Audiences", summary,
            access: .scope(.audiencesWrite),
            answers: [.json(.object(["changed": .integer, "unknown": .list(.text())]))]
        ) { call in
            let body: ListRequest = try await call.json()
            let audience = try call.audience()
            let done = try await call.changeAudiences {
                try $0.changeList(audience.name, persons: body.persons, isIn: isIn)
            }
            try call.noteAudience("audience.\(verb)", audience, detail: ["changed": "\(done.changed)"])
            return try call.answer(done)
        }
        .audienceParameter()
        .taking(.json(.object(["persons": .list(.text(lengths: 1...512), counts: 1...idsMax)])), bytes: 8 << 20)
        .sampled("/v1/audiences/nothing/\(verb)", body: #"{"persons":["u1"]}"#)
    }

    private struct ListRequest: Decodable {
        var persons: [String]

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "the request", allowed: ["persons"])
            guard let ids = try fields.list("persons", of: String.self, counts: 1...idsMax) else {
                throw fields.error(.missingField, "persons", "must be given: ids of persons")
            }
            persons = ids
        }
    }

    private struct SendRequest: Decodable {
        var url: String
        var request: String
        var traits: [String]

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "the request", allowed: ["url", "request", "traits"])
            guard let url = try fields.text("url") else { throw fields.error(.missingField, "url", "must be given") }
            self.url = url
            // Without one every request is another.
            request = try fields.text("request") ?? UUID().uuidString
            traits = try fields.list("traits", of: String.self, counts: 0...traitsMax) ?? []
        }
    }

    // MARK: Files

    private static func export(_ call: Call) async throws -> Response {
        let text = call.text("format") ?? AudienceService.ExportFormat.csv.rawValue
        guard let format = AudienceService.ExportFormat(rawValue: text) else {
            throw Problem.badRequest("must be csv or json", field: "format")
        }
        let traits = call.texts("trait")
        guard traits.count <= traitsMax else {
            throw Problem.badRequest("there are more than \(traitsMax)", field: "trait")
        }
        let audience = try call.audience()
        let audiences = try call.workspace().audiences
        let name = audience.name
        try call.noteAudience("audience.exported", audience, detail: ["format": format.rawValue])
        return try await stream(call, format == .csv ? "text/csv; charset=utf-8" : "application/json") { cursor in
            let page = try audiences.exportPage(name, as: format, traits: traits, after: cursor)
            return (Array(page.part), page.next)
        }
    }

    private static func exportHashed(_ call: Call) async throws -> Response {
        let options = try adOptions(call)
        let audience = try call.audience()
        let audiences = try call.workspace().audiences
        let name = audience.name
        try call.noteAudience("audience.exported", audience, detail: ["format": options.platform.rawValue])
        return try await stream(call, "text/csv; charset=utf-8") { cursor in
            var report = HashedExportReport()
            return try audiences.adExportPage(name, options, after: cursor, report: &report)
        }
    }

    /// Writes one page after another, so that a slow reader takes no thread. What is wrong with the first page is a
    /// problem; later ones can only break off.
    private static func stream(
        _ call: Call, _ mediaType: String,
        page: @escaping @Sendable (_ after: String?) throws -> (part: [UInt8], next: String?)
    ) async throws -> Response {
        let queries = call.parts.queries
        let first = try await queries.run { try page(nil) }
        let body = ResponseBody { writer in
            var current = first
            while true {
                if !current.part.isEmpty { try await writer.write(ByteBuffer(bytes: current.part)) }
                guard let next = current.next else { break }
                current = try await queries.run { try page(next) }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: mediaType], body: body)
    }

    // MARK: Ad platforms

    private static func adRoute(
        _ path: String, name: String, _ summary: String, answers: [APIRoute.Answer],
        handler: @escaping @Sendable (Call) async throws -> Response
    ) -> APIRoute {
        APIRoute(
            .get, path, name: name, group: "Audiences", summary, access: .scope(.audiencesRead), answers: answers,
            handler: handler
        )
        .audienceParameter()
        .query("platform", .oneOf(AdPlatform.allCases.map(\.rawValue)), isRequired: true, "Who the file is for")
        .query(
            "consent", .text(lengths: 1...200), isRequired: true,
            "Only who allows this: a channel and purpose such as email:marketing; or none"
        )
        .query("emailTrait", .text(lengths: 1...256), "Where e-mail addresses are (default: email)")
        .query("phoneTrait", .text(lengths: 1...256), "Where phone numbers are (default: phone)")
        .query("countryCode", .text(lengths: 1...3), "Of phone numbers that are written without one (default: 82)")
    }

    private static func adOptions(_ call: Call) throws -> AdExportOptions {
        guard let platform = call.text("platform").flatMap(AdPlatform.init) else {
            throw Problem.badRequest(
                "must be one of \(AdPlatform.allCases.map(\.rawValue).joined(separator: ", "))", field: "platform")
        }
        guard let consent = call.text("consent").flatMap(AdExportOptions.consent) else {
            throw Problem.badRequest(
                "must be a channel and purpose, such as email:marketing, or none: say whom you may hand on",
                field: "consent")
        }
        var options = AdExportOptions(platform: platform, consent: consent)
        if let trait = call.text("emailTrait") { options.emailTrait = trait }
        if let trait = call.text("phoneTrait") { options.phoneTrait = trait }
        if let code = call.text("countryCode") {
            guard (1...3).contains(code.utf8.count), code.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw Problem.badRequest("must be 1 to 3 digits", field: "countryCode")
            }
            options.countryCode = code
        }
        return options
    }

    // MARK: Schemas

    private static let membersSchema = JSONSchema.object(
        ["members": .list(.object(["person": .text(), "since": .time])), "next": .text()], optional: ["next"])

    private static let reportSchema = JSONSchema.object([
        "persons": .integer, "written": .integer, "withoutAddress": .integer, "refused": .integer,
    ])
}
