import Access
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import People

/// A person's own data: handed out, and deleted for good.
enum PersonDeletion {
    static func export(_ call: PageCall) async throws -> PageAnswer {
        guard call.may(.eventsRead) else { throw Problem.forbidden("this needs the scope 'events:read' as well") }
        let head = try await PersonHead.load(call)
        let live = head.live
        let id = head.profile.canonicalID
        let data = try await call.parts.queries.run { try live.exportPerson(id) }
        try call.call.notePerson("person.exported", id)
        var response = Call.json(data)
        response.headers[.contentDisposition] = "attachment; filename=\"\(head.profile.key).json\""
        response.headers[.cacheControl] = "no-store"
        return .response(response)
    }

    /// What has to be typed: the name, as far as it can be.
    static func word(_ head: PersonHead) -> String {
        let name = head.name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let isTypable =
            (1...40).contains(name.count) && name.allSatisfy { $0.isLetter || $0.isNumber || " .-@_+".contains($0) }
        return isTypable ? name : head.profile.key
    }

    static func page(_ call: PageCall) async throws -> PageAnswer { page(try await PersonHead.load(call), error: nil) }

    private static func page(_ head: PersonHead, error: String?) -> PageAnswer {
        let call = head.call
        let word = word(head)
        let field = FormField(
            .input("text"), "word", call.text("person.typeName", ["name": word]), value: call.form["word"]
        ).with {
            $0.autocomplete = "off"
            $0.isRequired = true
            $0.error = error
        }
        return head.page(
            "delete", nil, title: call.text("person.delete"), status: error == nil ? 200 : 422,
            [
                "events": .text(call.text("person.eventNumber", count: head.profile.visit.events)),
                "ids": .text(call.text("person.idNumber", count: head.profile.identities.count)),
                "field": field.value, "action": .text(head.link("delete")),
            ])
    }

    static func delete(_ call: PageCall) async throws -> PageAnswer {
        let head = try await PersonHead.load(call)
        let typed = (call.form["word"] ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard typed.precomposedStringWithCanonicalMapping == word(head).precomposedStringWithCanonicalMapping else {
            return page(head, error: call.text("person.typeNameWrong"))
        }
        let live = head.live
        let key = head.profile.key
        let receipt = try await call.parts.queries.run { try live.delete(key) }
        try call.call.notePerson(
            "person.forgotten", head.profile.canonicalID,
            ["events": "\(receipt.counts["events"] ?? 0)", "receipt": receipt.id])
        return .redirect("people/receipts?receipt=\(receipt.id)", saying: call.text("person.deleted"))
    }

    static func receipts(_ call: PageCall) async throws -> PageAnswer {
        let people = try call.workspace().people
        let receipts = try await call.parts.queries.run { try people.receipts(limit: 200) }
        let shown = call.query("receipt").flatMap { id in receipts.first { $0.id == id } }
        let table = DataTable(
            call.text("receipts.title"),
            columns: [
                .init(call.text("receipts.receipt")), .init(call.text("receipts.asked")),
                .init(call.text("receipts.done")), .init(call.text("people.events"), isNumber: true),
            ],
            rows: receipts.map { receipt in
                [
                    DataTable.Cell(receipt.id, href: call.link("people/receipts", ["receipt": receipt.id])),
                    DataTable.Cell(call.format.dateTime(receipt.time)),
                    DataTable.Cell(
                        receipt.finishedTime.map { call.format.dateTime($0) } ?? call.text("receipts.running"),
                        chip: receipt.finishedTime == nil ? "warn" : nil),
                    DataTable.Cell(call.format.number(receipt.counts["events"] ?? 0)),
                ]
            })
        return .page(
            "people/receipts", title: call.text("receipts.title"),
            [
                "people": .text(call.link("people")), "table": receipts.isEmpty ? false : table.value,
                "shown": shown.map { value($0, call) } ?? false,
                "empty": receipts.isEmpty
                    ? EmptyState(
                        icon: "shield", title: call.text("receipts.none"), text: call.text("receipts.noneText")
                    ).value : false,
            ])
    }

    private static func value(_ receipt: DeletionReceipt, _ call: PageCall) -> PageValue {
        [
            "id": .text(receipt.id), "asked": .text(call.format.dateTime(receipt.time, seconds: true)),
            "done": .text(
                receipt.finishedTime.map { call.format.dateTime($0, seconds: true) } ?? call.text("receipts.running")),
            "digest": .text(receipt.digest),
            "counts": .list(
                receipt.counts.sorted { $0.key < $1.key }.map { name, count in
                    [
                        "name": .text(
                            call.files.texts(call.language).has("receipts.count." + name)
                                ? call.text("receipts.count." + name) : name),
                        "count": .text(call.format.number(count)),
                    ]
                }),
        ]
    }
}
