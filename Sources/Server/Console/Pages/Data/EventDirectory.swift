import Access
import Collection
import Engine
import EventLog
import Foundation

/// Every event that came: how often, since when, what it means, who looks after it.
enum EventDirectory {
    static func page(_ call: PageCall) async throws -> PageAnswer {
        let live = try call.workspace()
        let (statistics, dictionary, violations) = try await call.parts.queries.run {
            (try live.log.statistics, try live.collection.dictionary(), try live.collection.violations())
        }
        let plan = live.collection.settings.plan
        let words = Dictionary(dictionary.filter { $0.property == nil }.map { ($0.event, $0) }) { first, _ in first }
        let broken = Dictionary(violations.map { ($0.violation.event, $0.count) }, uniquingKeysWith: +)
        let sort = call.query("sort") ?? "count"
        let search = call.query("q") ?? ""
        var names = statistics.eventNames
        if !search.isEmpty {
            names.removeAll {
                !$0.name.localizedCaseInsensitiveContains(search)
                    && words[$0.name]?.text.localizedCaseInsensitiveContains(search) != true
            }
        }
        names.sort { a, b in
            switch sort {
            case "name": a.name.localizedStandardCompare(b.name) == .orderedAscending
            case "last": (b.lastTime, a.name) < (a.lastTime, b.name)
            case "first": (b.firstTime, a.name) < (a.firstTime, b.name)
            default: (b.count, a.name) < (a.count, b.name)
            }
        }
        let most = names.map(\.count).max() ?? 1
        let table = DataTable(
            call.text("data.events"), columns: heads(sort, search, call),
            rows: names.map { row($0, words[$0.name], plan: plan, broken: broken[$0.name] ?? 0, most: most, call) })
        return .page(
            "data/events", title: call.text("nav.data"),
            [
                "tabs": DataPages.tabs(.events, call), "search": .text(search), "sort": .text(sort),
                "lead": .text(
                    call.text(
                        "data.lead", count: statistics.events,
                        ["names": call.format.number(statistics.eventNames.count)])),
                "hasEvents": .flag(!statistics.eventNames.isEmpty), "table": names.isEmpty ? false : table.value,
                "isNothing": .flag(names.isEmpty && !statistics.eventNames.isEmpty),
                "empty": statistics.eventNames.isEmpty
                    ? EmptyState(
                        icon: "data", title: call.text("data.nothing"), text: call.text("data.nothingText"),
                        actions: [
                            (call.text("data.connect"), call.link("data/connect")),
                            (call.text("data.import"), call.link("data/import")),
                        ]
                    ).value : false,
            ])
    }

    private static func heads(_ sort: String, _ search: String, _ call: PageCall) -> [DataTable.Column] {
        func head(_ key: String, _ name: String?, isNumber: Bool = false) -> DataTable.Column {
            DataTable.Column(
                call.text("data." + key), isNumber: isNumber,
                href: name.map { call.link("data", ["q": search, "sort": $0]) },
                order: name == sort ? (name == "name" ? .ascending : .descending) : nil)
        }
        return [
            head("event", "name"), head("owner", nil), head("count", "count", isNumber: true),
            head("firstSeen", "first"),
            head("lastSeen", "last"), head("planned", nil),
        ]
    }

    private static func row(
        _ name: LogStatistics.EventName, _ words: DictionaryEntry?, plan: TrackingPlan?, broken: Int, most: Int,
        _ call: PageCall
    ) -> [DataTable.Cell] {
        let isPlanned = plan?.events[name.name] != nil
        let state =
            broken > 0
            ? DataTable.Cell(call.text("data.violationNumber", count: broken), chip: "warn")
            : isPlanned
                ? DataTable.Cell(call.text("data.isPlanned"), chip: "good")
                : DataTable.Cell(plan == nil ? "–" : call.text("data.notPlanned"))
        return [
            DataTable.Cell(name.name, href: call.link("data/event", ["name": name.name]), note: words?.text),
            DataTable.Cell(words?.owner.isEmpty == false ? words?.owner ?? "–" : "–"),
            DataTable.Cell(
                call.format.number(name.count),
                html:
                    "<meter class=\"slim\" min=\"0\" max=\"\(most)\" value=\"\(name.count)\" aria-hidden=\"true\"></meter>"
            ),
            DataTable.Cell(call.format.date(name.firstTime), style: "nowrap"),
            DataTable.Cell(call.format.relative(name.lastTime), style: "nowrap"), state,
        ]
    }
}
