import Access
import Engine
import Recommendations

/// All placements, with how much was decided at each.
enum PlacementList {
    static func page(_ call: PageCall) async throws -> PageAnswer {
        let live = try call.workspace()
        let all = live.placements.all
        let counts = call.may(.eventsRead) ? try await call.parts.queries.run { try live.decisionCounts(days: 7) } : [:]
        let rows: [[DataTable.Cell]] = all.map { stored in
            let placement = stored.placement
            return [
                DataTable.Cell(
                    placement.name, href: call.link("recommendations/placements/\(placement.name)"),
                    note: placement.description),
                DataTable.Cell(call.text("recommendations.kind.\(placement.kind.rawValue)")),
                DataTable.Cell(policy(placement, call)),
                DataTable.Cell(call.format.number(counts[placement.name] ?? 0)),
                DataTable.Cell(call.format.relative(stored.updatedTime)),
            ]
        }
        let table = DataTable(
            call.text("recommendations.placements"),
            columns: [
                .init(call.text("recommendations.name")), .init(call.text("recommendations.kindTitle")),
                .init(call.text("recommendations.decidedBy")),
                .init(call.text("recommendations.inWeek"), isNumber: true), .init(call.text("recommendations.changed")),
            ], rows: rows)
        let mayWrite = call.may(.recommendationsWrite)
        return RecommendationPages.page(
            .placements, "placements", call,
            [
                "new": mayWrite ? .text(call.link("recommendations/placements/new")) : false,
                "table": all.isEmpty ? false : table.value,
                "empty": all.isEmpty
                    ? EmptyState(
                        icon: "recommendations", title: call.text("recommendations.none"),
                        text: call.text("recommendations.noneText"),
                        snippet: "curl -X POST …/v1/decide -H 'Authorization: Bearer KEY' \\\n"
                            + "  -d '{\"person\":\"u1\",\"placement\":\"home\"}'",
                        actions: mayWrite
                            ? [
                                (
                                    call.text("recommendations.new"),
                                    call.link("recommendations/placements/new")
                                )
                            ] : []
                    ).value : false,
            ])
    }

    private static func policy(_ placement: Placement, _ call: PageCall) -> String {
        placement.kind.choosesActions || !placement.actions.isEmpty
            ? call.text("recommendations.policy.\(placement.policy.kind.rawValue)")
            : call.text("recommendations.byModel", ["model": placement.model])
    }
}
