import Access
import Audiences
import Engine
import EventLog
import Foundation
import People

/// A person's name, from traits that are there anyway.
enum PersonName {
    static func of(_ traits: [String: PropertyValue]) -> String? {
        for name in ["name", "fullName", "firstName", "email", "phone"] {
            if case .string(let text)? = traits[name], !text.isEmpty { return text }
        }
        return nil
    }
}

/// Who is in an audience, since when; and for a list that is kept by hand, adding and taking out.
enum AudienceMembersPage {
    private static let pageSize = 50

    static func page(_ call: PageCall) async throws -> PageAnswer { try await page(call, unknown: []) }

    private static func page(_ call: PageCall, unknown: [String], added: String? = nil) async throws -> PageAnswer {
        let head = try AudienceHead.load(call)
        let live = head.live
        let name = head.audience.name
        let after = call.query("after").flatMap { Int64($0) }.map { String($0) }
        let (page, persons) = try await call.parts.queries.run {
            let page = try live.audiences.members(name, after: after, limit: pageSize)
            let facts = try live.people.facts(of: page.members.map(\.person))
            return (page, Dictionary(facts.map { ($0.canonicalID, $0) }) { first, _ in first })
        }
        let isStatic = head.audience.definition.isStatic
        let mayChange = isStatic && call.may(.audiencesWrite)
        let rows = page.members.map { row($0, persons[$0.person], head, mayChange: mayChange) }
        var columns: [DataTable.Column] = [
            .init(call.text("people.name")), .init(call.text("audience.since")), .init(call.text("people.lastSeen")),
            .hidden(call.text("audience.why")),
        ]
        if mayChange { columns.append(.hidden(call.text("audience.takeOut"))) }
        let table = DataTable(call.text("audience.members"), columns: columns, rows: rows)
        return head.page(
            "members", .members, scripts: mayChange ? ["people.js"] : [],
            [
                "table": rows.isEmpty ? false : table.value,
                "pages": Pagination(
                    summary: call.text("people.shown", count: rows.count),
                    previous: after == nil ? nil : head.link("members"),
                    next: page.next.map { head.link("members", ["after": $0]) }
                ).value,
                "adding": mayChange ? ["action": .text(head.link("members"))] : false,
                "unknown": unknown.isEmpty
                    ? false
                    : .text(
                        call.text(
                            "audience.unknown", count: unknown.count,
                            ["ids": unknown.prefix(20).joined(separator: ", ")])),
                "empty": rows.isEmpty
                    ? EmptyState(
                        icon: "people", title: call.text("audience.noMembers"),
                        text: call.text(isStatic ? "audience.noMembersList" : "audience.noMembersText")
                    ).value : false,
            ])
    }

    private static func row(
        _ member: AudienceMember, _ person: People.PersonFacts?, _ head: AudienceHead, mayChange: Bool
    ) -> [DataTable.Cell] {
        let call = head.call
        let name = person.flatMap { PersonName.of($0.traits) } ?? call.text("people.anonymous")
        var cells = [
            DataTable.Cell(name, href: person.map { call.link("people/\($0.key)") }),
            DataTable.Cell(call.format.dateTime(member.since), style: "nowrap"),
            DataTable.Cell(person?.lastSeen.map { call.format.relative($0) } ?? "–", style: "nowrap"),
            DataTable.Cell(
                call.text("audience.why"),
                href: person.map { call.link("people/\($0.key)/audiences", ["why": String(head.audience.id)]) }),
        ]
        if mayChange {
            let value: PageValue = [
                "action": .text(head.link("members")), "person": .text(person?.key ?? member.person),
                "label": .text(call.text("audience.takeOutName", ["name": name])),
            ]
            let html = try? call.render("audiences/takeout", value)
            cells.append(DataTable.Cell("", html: html, style: "act"))
        }
        return cells
    }

    /// Ids from a column of CSV, one a line or separated by commas.
    static func ids(_ text: String) -> [String] {
        var seen: Set<String> = []
        return text.split(whereSeparator: { $0.isNewline || $0 == "," || $0 == ";" || $0 == "\t" }).compactMap { part in
            let id = part.trimmingCharacters(in: CharacterSet(charactersIn: " \"'\u{feff}"))
            return id.isEmpty || !seen.insert(id).inserted ? nil : id
        }
    }

    static func change(_ call: PageCall) async throws -> PageAnswer {
        let head = try AudienceHead.load(call)
        let isIn = call.form["remove"] == nil
        let ids = isIn ? Self.ids(call.form["ids"] ?? "") : [call.form["remove"] ?? ""]
        guard ids.count <= 100_000 else {
            throw Problem.badRequest("at most 100,000 ids at once; add them in parts", field: "ids")
        }
        let name = head.audience.name
        let done = try await call.call.changeAudiences { try $0.changeList(name, persons: ids, isIn: isIn) }
        try call.call.noteAudience(
            isIn ? "audience.add" : "audience.remove", head.audience, detail: ["changed": "\(done.changed)"])
        if !done.unknown.isEmpty { return try await page(call, unknown: done.unknown) }
        return .redirect(
            "audiences/\(head.audience.id)/members",
            saying: call.text(isIn ? "audience.addedNumber" : "audience.removedNumber", count: done.changed))
    }
}
