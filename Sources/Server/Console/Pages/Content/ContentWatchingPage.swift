import Charts
import Engine
import Foundation
import Recommendations

/// How long people stay with an episode, and how many they watch in a row.
enum ContentWatchingPage {
    /// More points than this cannot be told apart.
    private static let pointsMax = 60

    static func page(_ call: PageCall) async throws -> PageAnswer {
        let item = call.query("item")
        let season = call.query("season").flatMap { Int($0) }.flatMap { (0...100_000).contains($0) ? $0 : nil }
        let episode = call.query("episode").flatMap { Int($0) }.flatMap { (0...100_000).contains($0) ? $0 : nil }
        return try await ContentPages.answer("content/watching", call) {
            let content = try call.workspace().guidance.content
            let binge = try await call.parts.queries.run { BingeAnswer(try content.binges()) }
            var value: PageValue = [
                "item": FormField(
                    .suggestions(binge.titles.map { .init($0.item ?? "", $0.title ?? "") }), "item",
                    call.text("content.item"), value: item, hint: call.text("content.itemHint")
                ).with { $0.lengths = 1...512 }.value,
                "season": number("season", call, value: season).value,
                "episode": number("episode", call, value: episode).value, "curve": false, "unknown": false,
                "binges": .flag(!binge.titles.isEmpty), "bingeChart": chart(binge, call).value,
                "bingeTable": table(binge, call).value, "metrics": .list(metrics(binge, call)),
            ]
            // Without a choice the title that is watched in a row the most.
            guard let shown = item ?? binge.titles.first?.item else { return value }
            do {
                let curve = try await call.parts.queries.run {
                    CurveAnswer(try content.curve(shown, season: season, episode: episode))
                }
                value = value.adding(["curve": picture(curve, call)])
            } catch let error as RecommendationError where error.code == .notFound {
                value = value.adding(["unknown": .text(call.text("content.unknownItem", ["item": shown]))])
            }
            return value
        }
    }

    private static func number(_ name: String, _ call: PageCall, value: Int?) -> FormField {
        FormField(.input("number"), name, call.text("content.\(name)"), value: value.map(String.init)).with {
            $0.numbers = 0...100_000
            $0.isOptional = true
        }
    }

    // MARK: The curve

    private static func picture(_ curve: CurveAnswer, _ call: PageCall) -> PageValue {
        let place =
            curve.episode.number > 0
            ? call.text(
                "content.episodePlace",
                ["season": String(curve.episode.season), "episode": String(curve.episode.number)]) : ""
        let step = max(1, curve.minutes.count / pointsMax)
        let shown = curve.minutes.filter { $0.minute % step == 0 }
        let table = DataTable(
            call.text("content.curve"),
            columns: [
                .init(call.text("content.minute"), isNumber: true),
                .init(call.text("content.watching"), isNumber: true),
                .init(call.text("content.atRisk"), isNumber: true), .init(call.text("content.left"), isNumber: true),
            ],
            rows: curve.minutes.map { minute in
                [
                    DataTable.Cell(call.format.number(minute.minute)),
                    DataTable.Cell(ContentPages.share(minute.watching, call)),
                    DataTable.Cell(call.format.number(minute.atRisk)), DataTable.Cell(call.format.number(minute.left)),
                ]
            })
        let figure = ChartFigure(
            title: [curve.title, place].filter { !$0.isEmpty }.joined(separator: " · "),
            note: call.text("content.curveNote", count: curve.persons), table: table
        ) { size in
            var chart = ScatterChart(
                "",
                groups: [
                    .init(
                        call.text("content.watching"),
                        shown.map { minute in
                            .init(
                                call.text("content.minuteName", ["minute": String(minute.minute)]),
                                x: Double(minute.minute), y: minute.watching.estimate,
                                yInterval: minute.watching.low...max(minute.watching.low, minute.watching.high))
                        })
                ], x: .init(call.text("content.minute")),
                y: .init(call.text("content.watching"), format: .percent))
            chart.showsNames = false
            chart.language = call.language.chart
            chart.size = size
            return chart
        }
        return [
            "figure": figure.value,
            "completion": .text(
                call.text("content.completion", ["share": ContentPages.share(curve.completion, call)])),
            "hasDrops": .flag(!curve.drops.isEmpty),
            "drops": .list(
                curve.drops.map { drop in
                    .text(
                        call.text(
                            "content.drop",
                            [
                                "from": String(drop.from), "to": String(drop.to), "left": call.format.number(drop.left),
                                "expected": call.format.number(drop.expected, decimals: 1),
                            ]))
                }),
        ]
    }

    // MARK: In a row

    private static func metrics(_ binge: BingeAnswer, _ call: PageCall) -> [PageValue] {
        [
            Metric(call.text("content.bingeShare"), value: call.format.percent(binge.sessions.share)),
            Metric(
                call.text("content.perSession"), value: call.format.number(binge.sessions.episodesPerSession)),
            Metric(call.text("content.perDay"), value: call.format.number(binge.days.episodesPerSession)),
        ].map(\.value)
    }

    private static func chart(_ binge: BingeAnswer, _ call: PageCall) -> ChartFigure {
        let names = binge.sessions.sessions.indices.map { index in
            index == binge.sessions.sessions.count - 1 ? "\(index + 1)+" : String(index + 1)
        }
        let table = DataTable(
            call.text("content.inARow"),
            columns: [
                .init(call.text("content.episodes"), isNumber: true),
                .init(call.text("content.sessions"), isNumber: true),
                .init(call.text("content.days"), isNumber: true),
            ],
            rows: names.indices.map { index in
                [
                    DataTable.Cell(names[index]), DataTable.Cell(call.format.number(binge.sessions.sessions[index])),
                    DataTable.Cell(call.format.number(binge.days.sessions[index])),
                ]
            })
        return ChartFigure(
            title: call.text("content.inARow"), note: call.text("content.inARowNote"), height: 240, table: table
        ) { size in
            var chart = BarChart(
                "", categories: names,
                series: [
                    .init(call.text("content.sessions"), binge.sessions.sessions.map(Double.init)),
                    .init(call.text("content.days"), binge.days.sessions.map(Double.init)),
                ])
            chart.language = call.language.chart
            chart.size = size
            return chart
        }
    }

    private static func table(_ binge: BingeAnswer, _ call: PageCall) -> DataTable {
        DataTable(
            call.text("content.bingeTitles"),
            columns: [
                .init(call.text("content.item")), .init(call.text("content.bingeShare"), isNumber: true),
                .init(call.text("content.perSession"), isNumber: true),
                .init(call.text("content.sessions"), isNumber: true),
            ],
            rows: binge.titles.map { title in
                [
                    DataTable.Cell(
                        title.title ?? "", href: call.link("content/watching", ["item": title.item])),
                    DataTable.Cell(call.format.percent(title.share)),
                    DataTable.Cell(call.format.number(title.episodesPerSession)),
                    DataTable.Cell(call.format.number(title.sessions.reduce(0, +))),
                ]
            })
    }
}
