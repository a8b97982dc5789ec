import Access
import Analysis
import Audiences
import Engine
import EventLog
import Foundation
import Insights
import People
import Settings

/// Who is behind a number: a list that leads to each of them, and can be kept as an audience.
enum InsightPeople {
    private static let shown = 200

    static func page(_ kind: Query.Kind, _ call: PageCall) async throws -> PageAnswer {
        let (question, found) = try await ask(kind, call, fields: call.fields, limit: shown)
        var back = question.form
        back.tree.remove("people")
        let workspace = try call.workspace()
        let facts = Dictionary(
            try workspace.people.facts(of: found.ids).map { ($0.canonicalID, $0) },
            uniquingKeysWith: { first, _ in first })
        let rows = found.ids.map { id -> PageValue in
            let known = facts[id]
            let name = known.flatMap(displayName)
            return [
                "id": .text(id), "name": .text(name ?? id), "hasName": .flag(name != nil),
                // Addresses name persons by their keys, never by an id that may be an address of theirs.
                "href": known.map { .text(call.link("people/" + PageCall.escape($0.key))) } ?? false,
                "seen": known?.lastSeen.map { call.format.moment($0) } ?? false,
            ]
        }
        let title = call.text("insights.people.title", count: found.count)
        return .page(
            "insights/people", title: title,
            [
                "heading": .text(title), "what": .text(describe(question.form, call)),
                "back": .text(call.link("insights/" + kind.rawValue) + "?" + back.address(hiding: call.hide)),
                "people": .list(rows), "hasPeople": .flag(!rows.isEmpty),
                "more": found.count > rows.count
                    ? .text(call.text("insights.people.more", count: found.count - rows.count)) : false,
                "mayKeep": .flag(call.may(.audiencesWrite) && found.count > 0),
                "address": .text(question.form.address(hiding: call.hide)),
                "action": .text(call.link("insights/\(kind.rawValue)/people")),
            ])
    }

    /// What people call somebody: the name, or the address.
    private static func displayName(_ facts: People.PersonFacts) -> String? {
        for trait in ["name", "이름", "email"] {
            if case .string(let text)? = facts.traits[trait], !text.isEmpty { return text }
        }
        return nil
    }

    static func save(_ kind: Query.Kind, _ call: PageCall) async throws -> PageAnswer {
        let address = call.form.raw("address") ?? ""
        let fields = try call.fields(of: "address")
        let (_, found) = try await ask(kind, call, fields: fields, limit: QueryLimits.people)
        guard let name = call.form["name"] else {
            return .redirect(
                call.link("insights/\(kind.rawValue)/people") + "?" + address,
                flash: Flash(kind: .warning, text: call.text("insights.nameMissing")))
        }
        let description = call.text("insights.people.from", ["kind": call.text("insights.kind." + kind.rawValue)])
        let audience = try await call.call.changeAudiences { workspace in
            let made = try workspace.audiences.create(AudienceDefinition(name, description: description, where: nil))
            _ = try workspace.audiences.add(found.ids, to: made.name)
            return made
        }
        try call.call.noteAudience("audience.created", audience, detail: ["persons": "\(found.ids.count)"])
        return .redirect(
            "audiences/\(audience.id)",
            saying: call.text("insights.people.kept", count: found.ids.count, ["name": name]))
    }

    private static func ask(
        _ kind: Query.Kind, _ call: PageCall, fields: [(name: String, value: String)], limit: Int
    ) async throws -> (InsightQuestion, (count: Int, ids: [String])) {
        var question = try InsightQuestion(kind, call, fields: fields)
        var asking = question.form
        guard asking.tree["people"] != nil else {
            throw Problem.badRequest("must say which number of the answer is meant", field: "people")
        }
        asking.tree["people.limit"] = .text(String(limit))
        let zone = call.settings.timeZone
        let query = try asking.query(types: call.workspace().names.propertyTypes(), zone: zone)
        question.query = query
        let answer = try await InsightAnswer.ask(query, call.workspace(), call.parts)
        return (question, try people(answer))
    }

    private static func people(_ answer: InsightAnswer) throws -> (count: Int, ids: [String]) {
        switch (answer.query, answer.result) {
        case (_, .trends(let result)): if let people = result.people { return (people.count, people.ids) }
        case (_, .lifecycle(let result)): if let people = result.people { return (people.count, people.ids) }
        case (_, .stickiness(let result)): if let people = result.people { return (people.count, people.ids) }
        case (_, .paths(let result)): if let people = result.people { return (people.count, people.ids) }
        case (_, .journeyMap(let result)): if let people = result.people { return (people.count, people.ids) }
        case (_, .retention(let result)): if let people = result.people { return (people.count, people.ids) }
        case (.funnel(let query), .funnel(let result)):
            if let ids = result.people, let asked = query.people {
                let reached = result.steps[asked.step].count
                let before = asked.step > 0 ? result.steps[asked.step - 1].count : reached
                return (max(ids.count, asked.outcome == .converted ? reached : before - reached), ids)
            }
        default: break
        }
        throw Problem.badRequest("an answer of this kind names nobody", field: "people")
    }

    /// Which number it was, in the words of its fields.
    private static func describe(_ form: InsightForm, _ call: PageCall) -> String {
        guard case .map(let fields)? = form.tree["people"] else { return "" }
        let texts = fields.sorted { $0.key < $1.key }.compactMap { name, value -> String? in
            guard name != "limit", case .text(let text) = value else { return nil }
            let isCounted = ["step", "stage"].contains(name)
            let isWord = ["outcome", "state"].contains(name)
            let shown =
                isCounted
                ? Int(text).map { String($0 + 1) } ?? text
                : isWord ? call.text("insights.people.value." + text) : text
            return call.text("insights.people.field." + name, ["value": shown])
        }
        return ([call.text("insights.kind." + form.kind.rawValue)] + texts).joined(separator: " · ")
    }
}
