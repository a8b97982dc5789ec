import Access
import Engine
import Recommendations

/// What a placement's policy has brought, and what another one would have.
enum PlacementResultsPage {
    private static let periods = [7, 28, 90, 365]

    static func page(_ call: PageCall) async throws -> PageAnswer {
        let live = try call.workspace()
        let placement = try live.placements.placement(try call.pathParameter("name")).placement
        let days = call.query("days").flatMap { Int($0) }.flatMap { periods.contains($0) ? $0 : nil } ?? 28
        let asked = call.query("policy").flatMap { PolicySettings.Kind(rawValue: $0) }
        let chance = min(1, max(0, call.query("chance").flatMap { Double($0) } ?? placement.policy.exploration))
        let korean = call.language == .korean
        let (results, other) = try await call.parts.queries.run {
            var policy = placement.policy
            policy.kind = asked ?? policy.kind
            policy.exploration = chance
            return (
                try live.placementResults(placement.name, days: days),
                try asked.map { _ in try live.whatIf(policy, at: placement.name, days: days, korean: korean) }
            )
        }
        let here = "recommendations/placements/\(placement.name)"
        return RecommendationPages.page(
            .placements, "results", title: placement.name, call,
            [
                "name": .text(placement.name), "back": .text(call.link(here)),
                "action": .text(call.link(here + "/results")),
                "lead": .text(
                    call.text(
                        "results.lead",
                        [
                            "policy": call.text("recommendations.policy.\(placement.policy.kind.rawValue)"),
                            "days": call.format.number(days),
                        ])),
                "periods": .list(
                    periods.map { option("\($0)", call.text("results.days", count: $0), isChosen: $0 == days) }),
                "policies": .list(
                    PolicySettings.Kind.allCases.map {
                        option(
                            $0.rawValue, call.text("recommendations.policy.\($0.rawValue)"),
                            isChosen: $0 == (asked ?? placement.policy.kind))
                    }),
                "chance": .text(String(chance)), "isEmpty": .flag(results.overall.trials == 0),
                "lift": .text(results.overall.lift.map { signed($0.estimate, call) } ?? "–"),
                "range": .orFalse(results.overall.lift.map { range($0, call) }),
                "isConclusive": .flag(results.overall.isConclusive),
                "reward": .text(value(results.overall.chosen, call)),
                "standard": .text(results.overall.standard.map { value($0, call) } ?? "–"),
                "trials": .text(call.format.number(results.overall.trials)),
                "persons": .text(call.format.number(results.overall.persons)),
                "subjects": results.subjects.isEmpty ? false : subjects(results, call).value,
                "whatIf": other.map { whatIf($0, call) } ?? false,
            ])
    }

    private static func option(_ value: String, _ title: String, isChosen: Bool) -> PageValue {
        ["value": .text(value), "title": .text(title), "isChosen": .flag(isChosen)]
    }

    private static func subjects(_ results: PlacementResultsView, _ call: PageCall) -> DataTable {
        DataTable(
            call.text("results.subjects"),
            columns: [
                .init(call.text("results.item")), .init(call.text("results.shown"), isNumber: true),
                .init(call.text("results.reward"), isNumber: true),
                .init(call.text("results.standard"), isNumber: true), .init(call.text("results.lift"), isNumber: true),
            ],
            rows: results.subjects.map { line in
                [
                    .init(line.title ?? line.subject ?? ""), .init(call.format.number(line.trials)),
                    .init(value(line.chosen, call)), .init(line.standard.map { value($0, call) } ?? "–"),
                    .init(
                        line.lift.map { signed($0.estimate, call) } ?? "–", note: line.lift.map { range($0, call) }),
                ]
            })
    }

    private static func whatIf(_ what: WhatIfView, _ call: PageCall) -> PageValue {
        [
            "verdict": .text(what.verdict), "isRefused": .flag(what.refusal != nil),
            "summary": .text(
                call.text(
                    "results.summary",
                    [
                        "trials": call.format.number(what.trials),
                        "actual": call.format.number(what.actual, decimals: 4),
                        "effective": call.format.number(what.effectiveTrials, decimals: 0),
                    ])),
            "estimates": DataTable(
                call.text("results.estimates"),
                columns: [
                    .init(call.text("results.estimator")), .init(call.text("results.value"), isNumber: true),
                    .init(call.text("results.interval"), isNumber: true),
                ],
                rows: what.estimates.map { line in
                    [
                        .init(line.estimator), .init(value(line.value, call)),
                        .init(bounds(line.value, call)),
                    ]
                }
            ).value,
            "shares": what.shares.isEmpty
                ? false
                : DataTable(
                    call.text("results.shares"),
                    columns: [
                        .init(call.text("results.action")), .init(call.text("results.before"), isNumber: true),
                        .init(call.text("results.after"), isNumber: true),
                    ],
                    rows: what.shares.map {
                        [
                            .init($0.action), .init(call.format.percent($0.before)),
                            .init(call.format.percent($0.after)),
                        ]
                    }
                ).value,
        ]
    }

    private static func value(_ interval: IntervalView, _ call: PageCall) -> String {
        call.format.number(interval.estimate, decimals: 4)
    }

    private static func bounds(_ interval: IntervalView, _ call: PageCall) -> String {
        [interval.low, interval.high].map { call.format.number($0, decimals: 4) }.joined(separator: " – ")
    }

    private static func signed(_ share: Double, _ call: PageCall) -> String {
        (share > 0 ? "+" : "") + call.format.percent(share)
    }

    private static func range(_ interval: IntervalView, _ call: PageCall) -> String {
        call.text("results.range", ["low": signed(interval.low, call), "high": signed(interval.high, call)])
    }
}
