import Access
import Audiences
import Engine
import Foundation
import Recommendations

/// The audience that something new would find.
enum ContentConceptPage {
    /// Attributes with more values than this are typed, not chosen.
    private static let attributesMax = 12

    static func page(_ call: PageCall) async throws -> PageAnswer {
        let audiences = call.may(.audiencesRead) ? try call.workspace().audiences.list().map(\.name).sorted() : []
        let audience = call.query("audience").flatMap { audiences.contains($0) ? $0 : nil }
        return try await ContentPages.answer("content/concept", call) {
            let content = try call.workspace().guidance.content
            let attributes = try await call.parts.queries.run { AttributeListAnswer(try content.attributes()) }
            let offered = attributes.attributes.prefix(attributesMax)
            let concept = offered.enumerated().compactMap { place, attribute in
                call.query("a\(place)").map { (name: attribute.name, value: $0) }
            }
            var value: PageValue = [
                "fields": .list(
                    offered.enumerated().map { place, attribute in
                        field(place, attribute, chosen: call.query("a\(place)"), call).value
                    }),
                "hasFields": .flag(!offered.isEmpty), "hasAudiences": .flag(!audiences.isEmpty),
                "audience": FormField(
                    .select([.init("", call.text("content.everybody"))] + audiences.map { .init($0, $0) }), "audience",
                    call.text("content.audience"), value: audience
                ).value,
                "forecast": false,
            ]
            guard !concept.isEmpty else { return value }
            let forecast = try await call.parts.queries.run {
                ForecastAnswer(try content.forecast(concept, audience: audience))
            }
            value = value.adding(["forecast": try await picture(forecast, content, call)])
            return value
        }
    }

    private static func field(
        _ place: Int, _ attribute: AttributeListAnswer.Attribute, chosen: String?, _ call: PageCall
    ) -> FormField {
        let options = attribute.values.map {
            FormField.Option($0.value, "\($0.value) (\(call.format.number($0.items)))")
        }
        return FormField(
            .select([.init("", call.text("content.any"))] + options), "a\(place)",
            ContentPages.attribute(attribute.name, call), value: chosen)
    }

    private static func picture(
        _ forecast: ForecastAnswer, _ content: ContentService, _ call: PageCall
    ) async throws -> PageValue {
        let titles = try await call.parts.queries.run {
            try forecast.neighbours.map { try content.title(of: $0.item) }
        }
        var parts = DataTable(
            call.text("content.parts"),
            columns: [
                .init(call.text("content.attribute")), .init(call.text("content.factor"), isNumber: true),
                .init(call.text("content.items"), isNumber: true),
            ],
            rows: forecast.parts.map { part in
                [
                    DataTable.Cell(part.value, note: ContentPages.attribute(part.name, call)),
                    DataTable.Cell("×\(call.format.number(part.factor))"),
                    DataTable.Cell(call.format.number(part.items)),
                ]
            })
        parts.hidesCaption = false
        var neighbours = DataTable(
            call.text("content.neighbours"),
            columns: [
                .init(call.text("content.item")), .init(call.text("content.sharedAttributes"), isNumber: true),
                .init(call.text("content.reach"), isNumber: true),
            ],
            rows: zip(forecast.neighbours, titles).map { neighbour, title in
                [
                    DataTable.Cell(title), DataTable.Cell(call.format.number(neighbour.shared)),
                    DataTable.Cell(call.format.percent(neighbour.reach)),
                ]
            })
        neighbours.hidesCaption = false
        let isTold = forecast.verdict == .told
        return [
            "isTold": .flag(isTold),
            "reason": .text(call.language == .korean ? forecast.reason.ko : forecast.reason.en),
            "hasReach": .flag(forecast.reach != nil),
            "metrics": .list(
                [
                    forecast.reach.map {
                        Metric(
                            call.text(isTold ? "content.reach" : "content.reachOfAny"),
                            value: call.format.percent($0.estimate),
                            note: "\(call.format.percent($0.low))–\(call.format.percent($0.high))")
                    },
                    forecast.persons.map {
                        Metric(
                            call.text("content.persons"), value: call.format.number(Int($0.estimate.rounded())),
                            note: "\(call.format.number(Int($0.low.rounded())))–"
                                + call.format.number(Int($0.high.rounded())))
                    },
                    forecast.explained.map {
                        Metric(call.text("content.explained"), value: call.format.percent(max(0, $0), decimals: 0))
                    },
                ].compactMap { $0?.value }),
            "parts": forecast.parts.isEmpty ? false : parts.value,
            "neighbours": forecast.neighbours.isEmpty ? false : neighbours.value,
            "hasUnknown": .flag(!forecast.unknown.isEmpty),
            "unknown": .text(
                call.text("content.unknownAttributes", ["attributes": forecast.unknown.joined(separator: ", ")])),
        ]
    }
}
