import Access
import Engine
import Lifecycle

/// What the actions change: who got them beside who was held out.
enum IntentResults {
    static let pages: [ConsolePage] = [
        .get("intent/results", name: "intentResults", in: .intent, access: .scope(.query)) { call in
            let live = try call.workspace()
            let results = try await call.parts.queries.run { try live.intent.results() }
            let isEmpty = results.groups.allSatisfy { $0.treated.people + $0.held.people == 0 }
            return IntentPages.page(
                .results, call,
                [
                    "text": .text(call.text("intent.resultsText", ["hours": call.format.number(results.hours)])),
                    "isEmpty": .flag(isEmpty),
                    "empty": EmptyState(
                        icon: "intent", title: call.text("intent.noResultsTitle"),
                        text: call.text("intent.noResultsText")
                    ).value,
                    "table": table(results, call).value,
                    "open": results.open > 0 ? .text(call.text("intent.open", count: results.open)) : false,
                    "cost": (results.groups.first?.coupons ?? 0) > 0
                        ? .text(
                            call.text(
                                "intent.cost", count: results.groups[0].coupons,
                                ["cost": call.format.money(results.groups[0].cost)])) : false,
                ])
        }
    ]

    private static func table(_ results: MomentResults, _ call: PageCall) -> DataTable {
        DataTable(
            call.text("intent.tab.results"),
            columns: [
                .init(call.text("intent.action")), .init(call.text("intent.with"), isNumber: true),
                .init(call.text("intent.without"), isNumber: true),
                .init(call.text("intent.difference"), isNumber: true),
                .init(call.text("intent.conclusion")),
            ],
            rows: results.groups.map { group in
                [
                    DataTable.Cell(call.text("intent.do.\(group.action?.rawValue ?? "all")")),
                    arm(group.treated, call), arm(group.held, call), difference(group, call), conclusion(group, call),
                ]
            })
    }

    private static func arm(_ arm: MomentResults.Arm, _ call: PageCall) -> DataTable.Cell {
        DataTable.Cell(
            arm.people == 0 ? "–" : call.format.percent(Double(arm.buyers) / Double(arm.people)),
            note: call.text("intent.ofPeople", count: arm.people))
    }

    private static func difference(_ group: MomentResults.Group, _ call: PageCall) -> DataTable.Cell {
        guard group.isEnough, let difference = group.difference else { return "–" }
        return DataTable.Cell(
            points(difference.estimate, call),
            note: "\(points(difference.low, call)) – \(points(difference.high, call))")
    }

    private static func points(_ share: Double, _ call: PageCall) -> String {
        call.text(
            "intent.points", ["points": (share < 0 ? "−" : "+") + call.format.number(abs(share) * 100, decimals: 1)])
    }

    private static func conclusion(_ group: MomentResults.Group, _ call: PageCall) -> DataTable.Cell {
        guard group.isEnough, let difference = group.difference else {
            return DataTable.Cell(call.text("intent.tooFew"), chip: "")
        }
        if difference.low > 0 { return DataTable.Cell(call.text("intent.helps"), chip: "good") }
        if difference.high < 0 { return DataTable.Cell(call.text("intent.harms"), chip: "bad") }
        return DataTable.Cell(call.text("intent.unclear"), chip: "info")
    }
}
