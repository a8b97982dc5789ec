import Access
import Audiences
import Charts
import Engine
import Foundation

/// All audiences with their sizes and how these went.
enum AudienceList {
    static let dayMilliseconds: Int64 = 86_400_000
    private static let days: Int64 = 30

    static func page(_ call: PageCall) async throws -> PageAnswer {
        let live = try call.workspace()
        let now = call.now
        let (audiences, sizes) = try await call.parts.queries.run {
            let audiences = try live.audiences.list()
            let sizes = try audiences.map {
                try live.audiences.sizes($0.name, by: .day, from: now - days * dayMilliseconds, to: now + 1)
            }
            return (audiences, sizes)
        }
        let mayWrite = call.may(.audiencesWrite)
        let rows = zip(audiences, sizes).sorted { $0.0.name < $1.0.name }.map { row($0, $1, call) }
        return .page(
            "audiences/list", title: call.text("audiences.title"),
            [
                "new": mayWrite ? .text(call.link("audiences/new")) : false,
                "newList": mayWrite ? .text(call.link("audiences/new", ["list": "1"])) : false,
                "undo": undo(call), "rows": .list(rows), "hasRows": .flag(!rows.isEmpty),
                "canCompare": .flag(rows.count > 1), "overlap": .text(call.link("audiences/overlap")),
                "empty": rows.isEmpty
                    ? EmptyState(
                        icon: "audiences", title: call.text("audiences.none"), text: call.text("audiences.noneText"),
                        snippet: "did \"Order Completed\" at least 3 times in the last 90 days\nand consents to email",
                        actions: mayWrite
                            ? [
                                (call.text("audiences.new"), call.link("audiences/new")),
                                (call.text("audiences.newList"), call.link("audiences/new", ["list": "1"])),
                            ] : []
                    ).value : false,
            ])
    }

    private static func row(_ audience: Audience, _ sizes: [AudienceSize], _ call: PageCall) -> PageValue {
        let trend = trend(audience, sizes, call)
        return [
            "id": .text(String(audience.id)), "name": .text(audience.name),
            "href": .text(call.link("audiences/\(audience.id)")), "size": .text(call.format.number(audience.size)),
            "isList": .flag(audience.definition.isStatic),
            "text": .orFalse(audience.definition.predicate?.text), "about": .orFalse(audience.definition.description),
            "course": trend.map { .html($0.embeddedSVG()) } ?? false, "change": change(sizes, call),
            "updated": .text(call.format.relative(audience.updatedTime)),
            "select": .text(call.text("audiences.select", ["name": audience.name])),
        ]
    }

    /// Only the days since there is one: before it was made an audience had no size.
    private static func trend(_ audience: Audience, _ sizes: [AudienceSize], _ call: PageCall) -> Sparkline? {
        let known = sizes.filter { $0.time >= audience.createdTime - dayMilliseconds }
        guard known.count > 1 else { return nil }
        var line = Sparkline(call.text("audiences.trend", ["name": audience.name]), known.map { Double($0.size) })
        line.language = call.language.chart
        return line
    }

    private static func change(_ sizes: [AudienceSize], _ call: PageCall) -> PageValue {
        let week = sizes.suffix(7)
        let (entered, left) = (week.reduce(0) { $0 + $1.entered }, week.reduce(0) { $0 + $1.left })
        return .text(
            call.text("audiences.weekChange", ["in": call.format.number(entered), "out": call.format.number(left)]))
    }

    /// After a deletion: the way back.
    private static func undo(_ call: PageCall) -> PageValue {
        guard let token = call.query("undo"), call.may(.audiencesWrite), let kept = call.kept("undo"),
            let definition = try? AudienceDefinition(json: Data(kept.utf8))
        else { return false }
        return [
            "text": .text(call.text("audience.deletedNote", ["name": definition.name])),
            "action": .text(call.link("audiences/restore")), "token": .text(token),
        ]
    }
}

/// Deleting an audience, and taking that back: the definition is remembered for a while, which is all that an audience
/// with a predicate is.
enum AudienceDeletion {
    static func delete(_ call: PageCall) async throws -> PageAnswer {
        let head = try AudienceHead.load(call)
        let audience = head.audience
        _ = try await call.call.changeAudiences { try $0.audiences.delete(audience.name) }
        try call.call.noteAudience("audience.deleted", audience)
        guard !audience.definition.isStatic else {
            return .redirect("audiences", saying: call.text("audience.deletedNote", ["name": audience.name]))
        }
        let token = call.keep(String(decoding: try JSONEncoder().encode(audience.definition), as: UTF8.self))
        return .redirect("audiences?undo=\(token)")
    }

    static func restore(_ call: PageCall) async throws -> PageAnswer {
        guard let token = call.form["token"],
            let kept = call.parts.privateTexts.text(token, workspace: call.workspaceName)
        else { throw Problem.notFound("it was deleted too long ago to be brought back; define it again") }
        let definition = try AudienceDefinition(json: Data(kept.utf8))
        let made = try await call.call.changeAudiences { try $0.audiences.create(definition) }
        try call.call.noteAudience("audience.created", made)
        return .redirect("audiences/\(made.id)", saying: call.text("audience.restored", ["name": made.name]))
    }
}
