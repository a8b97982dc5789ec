import Access
import Analysis
import Audiences
import Engine
import Foundation
import HTTPTypes
import People

/// While somebody builds: the predicate in its other form, about how many it fits, and some of them.
enum AudiencePreviewPart {
    private struct Answer: Encodable {
        var text: String
        var tree: AudiencePredicate
        var html: String?
    }

    static func answer(_ call: PageCall) async throws -> PageAnswer {
        let predicate: AudiencePredicate
        if let tree = call.form["tree"] {
            predicate = try AudiencePredicate(json: Data(tree.utf8))
        } else {
            predicate = try AudiencePredicate(text: call.form["where"] ?? "")
        }
        var answer = Answer(text: predicate.text, tree: predicate)
        if call.form["size"] == "yes" { answer.html = try await html(predicate, call) }
        return .response(Call.json(try JSONEncoder().encode(answer)))
    }

    private static func html(_ predicate: AudiencePredicate, _ call: PageCall) async throws -> String {
        let live = try call.workspace()
        let isExact = call.form["exact"] == "yes"
        let seesPersons = call.may(.peopleRead)
        let (preview, persons) = try await call.parts.queries.run {
            let preview = try live.audiences.preview(predicate, exactly: isExact, sample: seesPersons ? 8 : 0)
            return (preview, try live.people.facts(of: preview.sample))
        }
        let format = call.format
        let share = preview.persons > 0 ? Double(preview.size) / Double(preview.persons) : 0
        let value: PageValue = [
            "size": .text(format.number(preview.size)), "isExact": .flag(preview.isExact),
            "share": .text(
                call.text("audience.shareOf", ["share": format.percent(share), "all": format.number(preview.persons)])),
            "interval": preview.isExact
                ? false
                : .text(
                    call.text(
                        "audience.interval", ["low": format.number(preview.low), "high": format.number(preview.high)])),
            "percent": .text(String(Int((share * 1000).rounded()))),
            "seesPersons": .flag(seesPersons),
            "sample": .list(
                persons.map { person in
                    [
                        "name": .text(PersonName.of(person.traits) ?? call.text("people.anonymous")),
                        "href": .text(call.link("people/\(person.key)")),
                        "seen": .text(person.lastSeen.map { format.relative($0) } ?? ""),
                    ]
                }),
        ]
        return try call.render("audiences/preview", value)
    }
}
