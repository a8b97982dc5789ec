import Access
import Engine
import EventLog

/// What is stored, and for how long.
enum StoragePages {
    private static let dayMilliseconds: Int64 = 86_400_000
    private static let ages: [Int64] = [0, 90, 180, 365, 400, 730, 1095, 1825]

    static let pages: [ConsolePage] = [
        .get("settings/storage", name: "storage", in: .settings, access: .scope(.query)) { call in
            let log = try call.workspace().log
            let statistics = try await call.parts.queries.run { try log.statistics }
            let days = statistics.retention.map { $0 / dayMilliseconds } ?? 0
            let known = ages.contains(days) ? ages : (ages + [days]).sorted()
            let options = known.map { FormField.Option(String($0), age($0, call)) }
            return SettingsPages.page(
                .storage, "storage", call,
                [
                    "facts": facts(statistics, call), "mayChange": .flag(call.may(.peopleDelete)),
                    "kept": .text(age(days, call)),
                    "field": FormField(
                        .select(options), "days", call.text("settings.keepFor"), value: String(days),
                        hint: call.text("settings.keepHint")
                    ).value,
                ])
        },
        .post("settings/storage", name: "changeRetention", in: .settings, access: .scope(.peopleDelete)) { call in
            guard let days = call.form["days"].flatMap({ Int64($0) }), (0...73_000).contains(days) else {
                throw Problem.badRequest("must be a number of days", field: "days")
            }
            let log = try call.workspace().log
            try await call.parts.queries.run { try log.setRetention(days == 0 ? nil : days * dayMilliseconds) }
            try call.access.note(
                call.call.change, workspace: call.workspaceName, action: "retention.changed",
                target: call.workspaceName,
                detail: ["days": days == 0 ? "forever" : String(days)])
            return .redirect("settings/storage", saying: call.text("settings.saved"))
        },
    ]

    private static func age(_ days: Int64, _ call: PageCall) -> String {
        if days == 0 { return call.text("settings.forever") }
        if days % 365 == 0 { return call.text("settings.years", count: Int(days / 365)) }
        return call.text("settings.days", count: Int(days))
    }

    private static func facts(_ statistics: LogStatistics, _ call: PageCall) -> PageValue {
        let format = call.format
        var facts = [
            ("storedEvents", format.number(statistics.events)),
            ("storedIDs", format.number(statistics.identities)),
            ("storedNames", format.number(statistics.eventNames.count)),
            ("storedProperties", format.number(statistics.properties.count)),
            ("storedBytes", bytes(statistics.segmentBytes + statistics.writeAheadLogBytes, format)),
        ]
        if let times = statistics.timeRange {
            facts.append(("storedFrom", format.date(times.lowerBound, withYear: true)))
            facts.append(("storedTo", format.dateTime(times.upperBound)))
        }
        return .list(facts.map { ["name": .text(call.text("settings.\($0.0)")), "value": .text($0.1)] })
    }

    private static func bytes(_ count: Int, _ format: LocalFormat) -> String {
        let amount = Double(count)
        let (divisor, unit) =
            amount >= 1e9 ? (1e9, "GB") : amount >= 1e6 ? (1e6, "MB") : (1e3, "kB")
        return format.number(amount / divisor, decimals: 1) + " " + unit
    }
}
