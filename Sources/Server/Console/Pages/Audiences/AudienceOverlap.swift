import Access
import Audiences
import Charts
import Engine
import Foundation

/// How several audiences lie over each other, as a picture.
enum AudienceOverlapPage {
    static func page(_ call: PageCall) async throws -> PageAnswer {
        let live = try call.workspace()
        let ids = Set(call.call.texts("a").compactMap { Int64($0) })
        let all = try live.audiences.list().sorted { $0.name < $1.name }
        let names = all.filter { ids.contains($0.id) }.map(\.name).prefix(AudienceService.overlapLimit)
        let isEnough = names.count >= 2
        let overlap =
            isEnough
            ? try await call.parts.queries.run { try live.audiences.overlap(Array(names)) } : nil
        return .page(
            "audiences/overlap", title: call.text("audiences.overlap"),
            [
                "all": .text(call.link("audiences")),
                "choices": .list(
                    all.map {
                        ["id": .text(String($0.id)), "name": .text($0.name), "isOn": .flag(ids.contains($0.id))]
                    }),
                "needsMore": .flag(!isEnough),
                "chart": overlap.map { figure($0, Array(names), call).value } ?? false,
                "metrics": overlap.map { overlap in
                    .list(
                        [
                            Metric(call.text("audiences.inAny"), value: call.format.number(overlap.inAny)),
                            Metric(
                                call.text("audiences.inAll"), value: call.format.number(overlap.inAll),
                                note: overlap.inAny > 0
                                    ? call.text(
                                        "audiences.ofAny",
                                        ["share": call.format.percent(Double(overlap.inAll) / Double(overlap.inAny))])
                                    : nil),
                        ].map(\.value))
                } ?? false,
            ])
    }

    private static func figure(_ overlap: AudienceOverlap, _ names: [String], _ call: PageCall) -> ChartFigure {
        let regions = overlap.regions.prefix(20)
        let table = DataTable(
            call.text("audiences.overlap"),
            columns: [.init(call.text("audiences.exactly")), .init(call.text("audiences.persons"), isNumber: true)],
            rows: overlap.regions.map { region in
                [
                    DataTable.Cell(region.audiences.joined(separator: " + ")),
                    DataTable.Cell(call.format.number(region.persons)),
                ]
            })
        return ChartFigure(
            title: call.text("audiences.overlapTitle"), note: call.text("audiences.overlapNote"), width: 720,
            table: table
        ) { size in
            var chart = OverlapChart(
                "", sets: names,
                regions: regions.map { region in
                    .init(Set(region.audiences.compactMap { names.firstIndex(of: $0) }), region.persons)
                })
            chart.language = call.language.chart
            chart.size = size
            return chart
        }
    }
}
