import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import People

/// Persons in and out: files, one person's own data, deletion.
enum PeopleTransferRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .post, "/v1/people/import", name: "importPeople", group: "People",
            "Import people from CSV: a line each; the same file again changes nothing", access: .scope(.peopleWrite),
            answers: [
                .json(
                    .object([
                        "people": .integer, "events": .integer, "rejected": .integer,
                        "rejections": .list(.object(["line": .integer, "reason": .text()])),
                    ]))
            ]
        ) { call in try await importPeople(call) }
        .query(
            "map", .text(lengths: 3...600),
            "COLUMN=MEANING, may be repeated: id, trait:NAME, trait:NAME:TYPE, group:TYPE, "
                + "consent:PURPOSE:CHANNEL:PERIOD or ignore; other columns are traits of their name"
        )
        .query("emptyRemoves", .boolean, "An empty field takes the trait away; else it changes nothing")
        .query("skipInvalid", .boolean, "Leave lines with an error out; else one keeps all from being imported")
        .query("name", .text(lengths: 1...200), "The file's name, kept as the source of the traits")
        .taking(.bytes(["text/csv", "application/octet-stream"]), bytes: fileBytesMax)
        .sampled("/v1/people/import", body: "id,city\nsample-person,Seoul\n", mediaType: "text/csv"),
        APIRoute(
            .get, "/v1/people/export", name: "exportPeople", group: "People",
            "People as CSV: id, key, first and last time seen, and a column for each trait",
            access: .scope(.peopleRead), answers: [.text("text/csv", summary: "A line for each person")]
        ) { call in try await exportPeople(call) }
        .query("trait", .text(lengths: 1...256), "A trait to write, may be repeated; else all that there are")
        .query("role", .oneOf(PersonRole.allCases.map(\.rawValue)), "Only these")
        .query("identified", .boolean, "Only those whose user id is known, or only the others")
        .needing(.export)
        .sampled("/v1/people/export"),
        APIRoute(
            .get, "/v1/people/{id}/export", name: "exportPerson", group: "People",
            "Everything that is kept about a person, as JSON: the answer to who asks for their own data",
            access: .scope(.peopleRead),
            answers: [.json(.object(["profile": .any, "events": .list(PeopleSchemas.event)]))]
        ) { call in
            let (live, id) = try await call.livePerson(try call.pathParameter("id"))
            let data = try await call.parts.queries.run { try live.exportPerson(id) }
            try call.notePerson("person.exported", id)
            return Call.json(data)
        }
        .pathParameter("id", "An id or the key of the person")
        .needing(.eventsRead)
        .sampled("/v1/people/person-of-nobody/export"),
        APIRoute(
            .delete, "/v1/people/{id}", name: "forget", group: "People",
            "Delete everything about a person, from disk too, and keep them from coming back; cannot be undone",
            access: .scope(.peopleDelete), answers: [.json(.shared("DeletionReceipt"))]
        ) { call in try await delete(call, try call.pathParameter("id")) }
        .pathParameter("id", "An id or the key of the person")
        .sampled("/v1/people/person-of-nobody"),
        APIRoute(
            .post, "/v1/people/delete", name: "deletePerson", group: "People",
            "The same by an id in the body, which no log of addresses sees", access: .scope(.peopleDelete),
            answers: [.json(.shared("DeletionReceipt"))]
        ) { call in try await delete(call, try await call.json(PersonRequest.self).id) }
        .taking(.json(.object(["id": PeopleSchemas.id]))).failing(.notFound)
        .sampled("/v1/people/delete", body: #"{"id":"person-of-nobody"}"#),
        APIRoute(
            .get, "/v1/people/receipts", name: "deletionReceipts", group: "People",
            "Proof of deletions, the latest first; they name nobody", access: .scope(.peopleRead),
            answers: [.json(.object(["receipts": .list(.shared("DeletionReceipt"))]))]
        ) { call in
            let limit = try call.integer("limit", in: 1...1_000) ?? 100
            let people = try call.workspace().people
            return try call.answer(ReceiptList(try await call.parts.queries.run { try people.receipts(limit: limit) }))
        }
        .query("limit", .integer(1...1_000), "How many (default: 100)")
        .sampled("/v1/people/receipts"),
    ]

    /// Held in memory while it is read, so less than an import of events may have.
    private static let fileBytesMax = 64 << 20

    private static func delete(_ call: Call, _ person: String) async throws -> Response {
        let live = try call.workspace()
        let receipt = try await call.parts.queries.run { try live.delete(person, waits: false) }
        try call.notePerson(
            "person.forgotten", person, ["events": "\(receipt.counts["events"] ?? 0)", "receipt": receipt.id])
        return try call.answer(ReceiptView(receipt))
    }

    // MARK: Files

    private static func importPeople(_ call: Call) async throws -> Response {
        var options = PeopleImportOptions()
        do {
            for text in call.texts("map") { try options.map(parsing: text) }
        } catch let error as PeopleError {
            throw Problem(.badRequest, error.code.rawValue, error.message, field: "map")
        }
        options.emptyRemoves = try call.flag("emptyRemoves")
        options.skipsInvalidLines = try call.flag("skipInvalid")
        if let name = call.text("name") { options.sourceName = String(name.prefix(200)) }
        let bytes = Array(try await call.bytes().readableBytesView)
        let (live, chosen) = (try call.workspace(), options)
        let prepared = try await call.parts.imports.run { try live.people.prepareCSV(bytes, options: chosen) }
        try await live.people.store(prepared)
        try call.access.note(
            call.change, workspace: call.workspaceName, action: "people.imported", target: options.sourceName,
            detail: ["people": "\(prepared.report.persons)", "rejected": "\(prepared.report.rejected)"])
        try await call.catchUp(live)
        return try call.answer(PeopleImportView(prepared.report))
    }

    private static func exportPeople(_ call: Call) async throws -> Response {
        var query = PeopleQuery()
        if let role = call.text("role") {
            guard let known = PersonRole(rawValue: role) else {
                throw Problem.badRequest("must be customer or partner", field: "role")
            }
            query.role = known
        }
        if call.text("identified") != nil { query.isIdentified = try call.flag("identified") }
        let names = call.texts("trait")
        let (people, chosen, queries) = (try call.workspace().people, query, call.parts.queries)
        let first = try await queries.run { try people.csvPages(chosen, traits: names.isEmpty ? nil : names) }
        try call.access.note(
            call.change, workspace: call.workspaceName, action: "people.exported", target: "csv", detail: [:])
        let body = ResponseBody { writer in
            var pages = first
            while true {
                let current = pages
                let (text, rest) = try await queries.run { () -> (String?, PeopleCSVPages) in
                    var pages = current
                    return (try pages.next(), pages)
                }
                pages = rest
                guard let text else { break }
                if !text.isEmpty { try await writer.write(ByteBuffer(string: text)) }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "text/csv; charset=utf-8"], body: body)
    }
}
