import Access
import Collection
import Engine
import EventLog
import People

/// What somebody should look at. A capability adds its own to `sources`.
enum AttentionCard {
    struct Notice: Sendable {
        enum Kind: String, Sendable { case bad, warn, info }

        var kind: Kind
        var title: String
        var text: String
        var href: String?
        var action: String?
    }

    typealias Source = @Sendable (HomeContext) throws -> Notice?

    static let sources: [Source] = [silence, deadLetters, violations, webhooks, identities]

    static let card = HomeCard(scope: .query, template: "home/attention", place: .whole) { context in
        let notices = try sources.compactMap { try $0(context) }
        return [
            "title": .text(context.call.text("home.attention")), "isEmpty": .flag(notices.isEmpty),
            "nothing": .text(context.call.text("home.nothing")),
            "notices": .list(
                notices.map { notice in
                    [
                        "kind": .text(notice.kind.rawValue), "title": .text(notice.title), "text": .text(notice.text),
                        "icon": .text(notice.kind == .info ? "info" : "warning"),
                        "href": notice.href.map { .text($0) } ?? false, "action": .text(notice.action ?? ""),
                    ]
                }),
        ]
    }

    /// Nothing has come for a day, though something came before.
    private static func silence(_ context: HomeContext) throws -> Notice? {
        let call = context.call
        guard let last = try context.workspace.log.snapshot().timeRange?.upperBound, call.now - last > 86_400_000 else {
            return nil
        }
        return Notice(
            kind: .info, title: call.text("home.silenceTitle"),
            text: call.text("home.silenceText", ["date": call.format.dateTime(last)]))
    }

    private static func deadLetters(_ context: HomeContext) throws -> Notice? {
        let call = context.call
        let count = try context.workspace.collection.deadLetterCount()
        guard count > 0, call.may(.collectionRead) else { return nil }
        let reason = try context.workspace.collection.deadLetterReasons(limit: 1).first?.reason ?? ""
        return Notice(
            kind: .bad, title: call.text("home.deadLettersTitle", count: count),
            text: call.text("home.deadLettersText", ["reason": reason]), href: call.link("data/dead-letters"),
            action: call.text("home.deadLettersAction"))
    }

    private static func violations(_ context: HomeContext) throws -> Notice? {
        let call = context.call
        let violations = try context.workspace.collection.violations(limit: 100)
        guard let first = violations.max(by: { $0.count < $1.count }), call.may(.collectionRead) else { return nil }
        let count = violations.reduce(0) { $0 + $1.count }
        return Notice(
            kind: .warn, title: call.text("home.violationsTitle", count: count),
            text: call.text("home.violationsText", ["event": first.violation.event]),
            href: call.link("data/violations"),
            action: call.text("home.violationsAction"))
    }

    private static func webhooks(_ context: HomeContext) throws -> Notice? {
        let call = context.call
        let backlog = try context.workspace.webhookBacklog()
        guard backlog.failedAttempts > 0, call.may(.audiencesRead) else { return nil }
        return Notice(
            kind: .bad, title: call.text("home.webhooksTitle", count: backlog.waiting),
            text: call.text("home.webhooksText", count: backlog.failedAttempts), href: call.link("audiences"),
            action: call.text("home.webhooksAction"))
    }

    /// Merges that looked wrong and were not made.
    private static func identities(_ context: HomeContext) throws -> Notice? {
        let call = context.call
        guard call.may(.peopleRead) else { return nil }
        let count = try context.workspace.people.warnings(limit: 1000).count
        guard count > 0 else { return nil }
        return Notice(
            kind: .warn, title: call.text("home.identitiesTitle", count: count), text: call.text("home.identitiesText"),
            href: call.link("people/warnings"), action: call.text("home.identitiesAction"))
    }
}
