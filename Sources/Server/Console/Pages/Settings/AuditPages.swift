import Access
import Engine

/// The log of every change.
enum AuditPages {
    private static let pageEntries = 50

    static let pages: [ConsolePage] = [
        .get("settings/audit", name: "audit", in: .settings, access: .scope(.auditRead)) { call in
            let before = call.query("before").flatMap { Int64($0) }
            let entries = try call.access.audit(workspace: call.workspaceName, before: before, limit: pageEntries + 1)
            let shown = entries.prefix(pageEntries)
            var table = DataTable(
                call.text("settings.audit"),
                columns: [
                    .init(call.text("settings.when")), .init(call.text("settings.who")),
                    .init(call.text("settings.what")), .init(call.text("settings.target")),
                    .init(call.text("settings.detail")),
                ], rows: shown.map { row($0, call) })
            table.isCompact = true
            return SettingsPages.page(
                .audit, "audit", call,
                [
                    "table": table.value, "isEmpty": .flag(shown.isEmpty),
                    "pages": Pagination(
                        summary: call.text("settings.entries", count: shown.count),
                        previous: before == nil ? nil : call.link("settings/audit"),
                        next: entries.count > pageEntries
                            ? call.link("settings/audit", ["before": shown.last.map { String($0.id) }]) : nil
                    ).value,
                ])
        }
    ]

    private static func row(_ entry: AuditEntry, _ call: PageCall) -> [DataTable.Cell] {
        let actor =
            entry.actor.name.isEmpty ? call.text("settings.actor.\(entry.actor.kind.rawValue)") : entry.actor.name
        let detail = entry.detail.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: " · ")
        return [
            .init(call.format.dateTime(entry.time, seconds: true), style: "nowrap"),
            .init(actor, note: entry.address),
            .init(entry.action, style: "mono"),
            .init(String(entry.target.prefix(40)), style: "mono"),
            .init(String(detail.prefix(300))),
        ]
    }
}
