import Access
import Engine
import Foundation
import People

/// Making two persons one, by hand: find the other, see what would come of it, do it.
enum PersonMerge {
    static func page(_ call: PageCall) async throws -> PageAnswer {
        let head = try await PersonHead.load(call)
        guard let key = call.query("with") else { return form(head, found: nil) }
        let live = head.live
        let other = try await call.parts.queries.run { try PersonHead.person(key, live) }
        guard other.key != head.profile.key else { return form(head, found: nil, error: call.text("person.same")) }
        return preview(head, other)
    }

    private static func form(_ head: PersonHead, found: [PersonSummary]?, error: String? = nil) -> PageAnswer {
        let call = head.call
        return head.page(
            "merge", nil, title: call.text("person.merge"), status: error == nil ? 200 : 422,
            [
                "text": .text(call.form["text"] ?? ""), "error": PageValue(error), "hasSearched": .flag(found != nil),
                "found": .list(
                    (found ?? []).map { person in
                        [
                            "name": .text(
                                person.name ?? person.email ?? person.phone ?? call.text("people.anonymous")),
                            "note": .text(
                                [person.email, person.phone, call.text("person.eventNumber", count: person.events)]
                                    .compactMap(\.self).joined(separator: " · ")),
                            "href": .text(head.link("merge", ["with": person.key])),
                        ]
                    }),
                "isNothing": .flag(found?.isEmpty == true), "preview": false,
            ])
    }

    static func find(_ call: PageCall) async throws -> PageAnswer {
        let head = try await PersonHead.load(call)
        guard let text = call.form["text"] else { return form(head, found: nil, error: call.text("person.mergeEmpty")) }
        let live = head.live
        let own = head.profile.key
        let found = try await call.parts.queries.run {
            var query = PeopleQuery()
            query.text = String(text.prefix(PeopleQuery.maxTextLength))
            query.limit = 12
            return try live.people.search(query).persons.filter { $0.key != own }
        }
        return form(head, found: found)
    }

    /// Both side by side, and each trait with the value that it would have: the one who stays keeps theirs.
    private static func preview(_ head: PersonHead, _ other: Profile) -> PageAnswer {
        let call = head.call
        let kept = head.profile
        let names = Set(kept.traits.keys).union(other.traits.keys).sorted()
        let rows: [[DataTable.Cell]] = names.compactMap { name in
            let (mine, theirs) = (kept[name], other[name])
            guard let result = mine ?? theirs else { return nil }
            return [
                DataTable.Cell(name), DataTable.Cell(mine.map { call.show($0, most: 80) } ?? "–"),
                DataTable.Cell(theirs.map { call.show($0, most: 80) } ?? "–"),
                DataTable.Cell(call.show(result, most: 80), chip: mine == nil ? "info" : nil),
            ]
        }
        let table = DataTable(
            call.text("person.traitsAfter"),
            columns: [
                .init(call.text("person.trait")), .init(call.text("person.stays")), .init(call.text("person.joins")),
                .init(call.text("person.afterwards")),
            ], rows: rows)
        let otherHead = PersonHead(call: call, live: head.live, profile: other)
        func side(_ head: PersonHead) -> PageValue {
            [
                "name": .text(head.name), "href": .text(head.link()),
                "ids": .text(call.text("person.idNumber", count: head.profile.identities.count)),
                "events": .text(call.text("person.eventNumber", count: head.profile.visit.events)),
            ]
        }
        return head.page(
            "merge", nil, title: call.text("person.merge"),
            [
                "preview": [
                    "kept": side(head), "other": side(otherHead), "table": rows.isEmpty ? false : table.value,
                    "result": .text(
                        call.text(
                            "person.mergeResult", count: kept.visit.events + other.visit.events,
                            [
                                "name": head.name,
                                "ids": call.format.number(kept.identities.count + other.identities.count),
                            ])),
                    "action": .text(head.link("merge/do")), "with": .text(other.key),
                    "swap": .text(otherHead.link("merge", ["with": kept.key])),
                ]
            ])
    }

    static func merge(_ call: PageCall) async throws -> PageAnswer {
        let head = try await PersonHead.load(call)
        let key = call.form["with"] ?? ""
        let live = head.live
        let other = try await call.parts.queries.run { try PersonHead.person(key, live) }
        let request = MergeRequest(alias: other.canonicalID, person: head.profile.canonicalID)
        try await live.merge(request, by: call.call.actorName)
        try call.call.notePerson("person.merged", head.profile.canonicalID)
        try await call.call.catchUp(live)
        _ = try await call.parts.queries.run { try live.merged(request) }
        return .redirect(
            "people/\(head.profile.key)/identities?merged=\(other.key)", saying: call.text("person.mergedDone"))
    }
}
