import Access
import Engine
import HTTPTypes
import Hummingbird
import Lifecycle
import NIOCore

/// What people are about now, how far that can be trusted, what the actions change, and how all of it is set.
enum IntentPages {
    static let pages: [ConsolePage] = nowPages + IntentQuality.pages + IntentResults.pages + IntentSettingsForm.pages

    enum Tab: String, CaseIterable {
        case now, quality, results, settings

        var path: String { self == .now ? "intent" : "intent/" + rawValue }
        var scope: Scope { self == .now ? .eventsRead : .query }
    }

    /// A page with the way to the others.
    static func page(
        _ tab: Tab, status: HTTPResponse.Status = .ok, scripts: [String] = [], _ call: PageCall, _ value: PageValue
    ) -> PageAnswer {
        let tabs = Tab.allCases.filter { call.may($0.scope) }.map { one in
            Tabs.Tab(call.text("intent.tab.\(one.rawValue)"), href: call.link(one.path), isCurrent: one == tab)
        }
        return .page(
            "intent/" + tab.rawValue, title: call.text("nav.intent"), status: status, scripts: scripts,
            PageValue.object(["tabs": Tabs(call.text("intent.tabs"), tabs).value]).adding(value))
    }

    private static let nowPages: [ConsolePage] = [
        .get("intent", name: "intent", in: .intent, access: .scope(.eventsRead)) { call in
            let live = try call.workspace()
            let overview = try await call.parts.queries.run { try live.intentOverview() }
            return page(
                .now, scripts: ["intent.js"], call,
                PageValue.object(["stream": .text(call.link("intent/stream"))]).adding(
                    try people(overview, call)))
        },
        .get("intent/stream", name: "intentStream", in: .intent, access: .scope(.eventsRead)) { call in
            .response(
                try IntentStream.respond(call.call) { overview in
                    let part = try call.render("intent/people", try people(overview, call))
                    return "event: part\n" + part.split(separator: "\n").map { "data: \($0)\n" }.joined() + "\n"
                })
        }
        .endless(),
    ]

    /// Who is in which state, by keys alone.
    private static func people(_ overview: IntentOverviewView, _ call: PageCall) throws -> PageValue {
        let hasModel = try call.workspace().intent.activeVersion() != nil
        let mayOpen = call.may(.peopleRead)
        return [
            "total": .text(call.text("intent.here", count: overview.total)), "hasModel": .flag(hasModel),
            "mayTrain": .flag(call.may(.settingsWrite)),
            "waiting": overview.waiting > 0 ? .text(call.text("intent.waiting", count: overview.waiting)) : false,
            "metrics": .list(
                overview.states.map { state in
                    Metric(
                        call.text("intent.state.\(state.state.rawValue)"), value: call.format.number(state.count),
                        note: call.text("intent.about.\(state.state.rawValue)")
                    ).value
                }),
            "isEmpty": .flag(overview.total == 0),
            "empty": EmptyState(
                icon: "intent", title: call.text("intent.nobodyTitle"), text: call.text("intent.nobodyText")
            ).value,
            "states": .list(
                overview.states.filter { !$0.people.isEmpty }.map { state in
                    [
                        "name": .text(call.text("intent.state.\(state.state.rawValue)")),
                        "count": .text(call.text("intent.people", count: state.count)),
                        "table": table(state, mayOpen: mayOpen, call).value,
                    ]
                }),
        ]
    }

    private static func table(_ state: IntentOverviewView.State, mayOpen: Bool, _ call: PageCall) -> DataTable {
        var table = DataTable(
            call.text("intent.state.\(state.state.rawValue)"),
            columns: [
                .init(call.text("intent.person")), .init(call.text("intent.probability"), isNumber: true),
                .init(call.text("intent.cart"), isNumber: true), .init(call.text("intent.idle"), isNumber: true),
            ],
            rows: state.people.map { person in
                [
                    DataTable.Cell(person.key, href: mayOpen ? call.link("people/" + person.key) : nil),
                    DataTable.Cell(person.probability.map { call.format.percent($0, decimals: 0) } ?? "–"),
                    DataTable.Cell(call.format.number(person.cartItems)),
                    DataTable.Cell(call.format.duration(seconds: person.idleSeconds)),
                ]
            })
        table.isCompact = true
        return table
    }
}
