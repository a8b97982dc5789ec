import Access
import Charts
import Engine
import Lifecycle
import Statistics

/// How far the probabilities are what they say.
enum IntentQuality {
    static let pages: [ConsolePage] = [
        .get("intent/quality", name: "intentQuality", in: .intent, access: .scope(.query)) { call in
            try await page(call)
        },
        .post("intent/train", name: "trainIntentForm", in: .intent, access: .scope(.settingsWrite)) { call in
            do {
                let version = try await IntentRoutes.train(call.call)
                return .redirect(
                    "intent/quality",
                    saying: call.text(
                        version.heldBack == nil ? "intent.trained" : "intent.heldBack",
                        ["version": call.format.number(version.number)]))
            } catch let error as LifecycleError where error.code == .insufficient {
                return .redirect(
                    call.link("intent/quality"),
                    flash: Flash(kind: .warning, text: call.text("intent.tooLittle")))
            }
        },
    ]

    /// What is measured, in its order: how sessions go on, then the states that are no such thing.
    private static let measured =
        SessionOutcome.allCases.map(\.rawValue)
        + [IntentState.aboutToLeave, .hesitating, .comparing].map(\.rawValue)

    private static func page(_ call: PageCall) async throws -> PageAnswer {
        let live = try call.workspace()
        let found = try await call.parts.queries.run { live.intent.versions() }
        guard let version = found.versions.first(where: { $0.number == found.active }) else {
            return IntentPages.page(
                .quality, call,
                [
                    "version": false, "mayTrain": .flag(call.may(.settingsWrite)),
                    "damage": .list(found.damage.map { .text($0) }),
                    "empty": EmptyState(
                        icon: "intent", title: call.text("intent.noModelTitle"), text: call.text("intent.noModelText"),
                        snippet: "dangol intent train --workspace \(call.workspaceName)"
                    ).value,
                ])
        }
        let chosen = call.query("of").flatMap { measured.contains($0) ? $0 : nil } ?? SessionOutcome.buys.rawValue
        return IntentPages.page(
            .quality, call,
            [
                "version": .text(
                    call.text(
                        "intent.versionText",
                        [
                            "version": call.format.number(version.number),
                            "when": call.format.dateTime(version.createdAt),
                            "sessions": call.format.number(version.sessions),
                            "persons": call.format.number(version.persons),
                            "kept": call.format.number(version.metrics.persons),
                        ])),
                "mayTrain": .flag(call.may(.settingsWrite)), "damage": .list(found.damage.map { .text($0) }),
                "choices": .list(
                    measured.filter { reliability($0, version) != nil }.map { name in
                        [
                            "text": .text(call.text("intent.measure.\(name)")),
                            "href": .text(call.link("intent/quality", ["of": name])),
                            "isCurrent": .flag(name == chosen),
                        ]
                    }),
                "chart": reliability(chosen, version).map { chart(chosen, $0, call).value } ?? false,
                "table": table(version, call).value,
            ])
    }

    private static func reliability(_ name: String, _ version: IntentVersion) -> Reliability? {
        version.metrics.outcomes[name] ?? version.metrics.states[name]
    }

    private static func chart(_ name: String, _ found: Reliability, _ call: PageCall) -> ChartFigure {
        let points = found.bins.map { bin in
            ScatterChart.Point(
                call.text("intent.moments", count: bin.count), x: bin.predicted, y: bin.observed,
                yInterval: bin.low...bin.high)
        }
        let exact = found.bins.map { ScatterChart.Point("", x: $0.predicted, y: $0.predicted) }
        let table = DataTable(
            call.text("intent.calibration"),
            columns: [
                .init(call.text("intent.said"), isNumber: true), .init(call.text("intent.came"), isNumber: true),
                .init(call.text("intent.interval"), isNumber: true), .init(call.text("intent.count"), isNumber: true),
            ],
            rows: found.bins.map { bin in
                [
                    DataTable.Cell(call.format.percent(bin.predicted)),
                    DataTable.Cell(call.format.percent(bin.observed)),
                    DataTable.Cell("\(call.format.percent(bin.low)) – \(call.format.percent(bin.high))"),
                    DataTable.Cell(call.format.number(bin.count)),
                ]
            })
        return ChartFigure(
            title: call.text("intent.measure.\(name)"), note: call.text("intent.calibrationText"), height: 340,
            table: table
        ) { size in
            var chart = ScatterChart(
                ChartHeading(""),
                groups: [
                    ScatterChart.Group(call.text("intent.came"), points),
                    ScatterChart.Group(call.text("intent.exact"), exact),
                ],
                x: ScatterChart.Axis(call.text("intent.said"), format: .percent),
                y: ScatterChart.Axis(call.text("intent.came"), format: .percent))
            chart.language = call.language.chart
            chart.size = size
            chart.showsNames = false
            return chart
        }
    }

    private static func table(_ version: IntentVersion, _ call: PageCall) -> DataTable {
        DataTable(
            call.text("intent.all"),
            columns: [
                .init(call.text("intent.measured")), .init(call.text("intent.share"), isNumber: true),
                .init(call.text("intent.logLoss"), isNumber: true),
                .init(call.text("intent.baseLogLoss"), isNumber: true),
                .init(call.text("intent.brier"), isNumber: true), .init(call.text("intent.baseBrier"), isNumber: true),
                .init(call.text("intent.offBy"), isNumber: true),
            ],
            rows: measured.compactMap { name in
                guard let found = reliability(name, version) else { return nil }
                let isBetter = found.logLoss < found.baseLogLoss
                return [
                    DataTable.Cell(
                        call.text("intent.measure.\(name)"),
                        note: isBetter ? nil : call.text("intent.noBetter")),
                    DataTable.Cell(call.format.percent(found.baseRate)),
                    DataTable.Cell(call.format.number(found.logLoss, decimals: 4)),
                    DataTable.Cell(call.format.number(found.baseLogLoss, decimals: 4)),
                    DataTable.Cell(call.format.number(found.brier, decimals: 4)),
                    DataTable.Cell(call.format.number(found.baseBrier, decimals: 4)),
                    DataTable.Cell(call.format.percent(found.calibrationError)),
                ]
            })
    }
}
