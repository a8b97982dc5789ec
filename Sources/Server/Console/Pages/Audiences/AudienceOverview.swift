import Access
import Audiences
import Charts
import Engine
import Foundation

/// One audience: who belongs to it, and how its size went.
enum AudienceOverview {
    static func page(_ call: PageCall) async throws -> PageAnswer {
        let head = try AudienceHead.load(call)
        let audience = head.audience
        let days = ["2": 2, "30": 30, "90": 90, "365": 365][call.query("days") ?? ""] ?? 30
        let interval: AudienceService.SizeInterval = days == 2 ? .hour : .day
        let now = call.now
        let live = head.live
        let sizes = try await call.parts.queries.run {
            try live.audiences.sizes(
                audience.name, by: interval, from: now - Int64(days) * AudienceList.dayMilliseconds, to: now + 1)
        }
        let (entered, left) = (sizes.reduce(0) { $0 + $1.entered }, sizes.reduce(0) { $0 + $1.left })
        let metrics = [
            Metric(
                call.text("audience.size"), value: call.format.number(audience.size),
                href: call.may(.peopleRead) ? head.link("members") : nil,
                note: audience.evaluatedTime == nil && !audience.definition.isStatic
                    ? call.text("audience.evaluating") : nil),
            Metric(call.text("audience.entered"), value: call.format.number(entered), note: span(days, call)),
            Metric(call.text("audience.left"), value: call.format.number(left), note: span(days, call)),
        ]
        let spans = [2, 30, 90, 365].map {
            Tabs.Tab(span($0, call), href: head.link("", ["days": String($0)]), isCurrent: $0 == days)
        }
        return head.page(
            "overview", .overview,
            [
                "metrics": .list(metrics.map(\.value)), "chart": chart(sizes, interval, call).value,
                "spans": .list(
                    spans.map { ["text": .text($0.text), "href": .text($0.href), "isCurrent": .flag($0.isCurrent)] }),
                "text": .orFalse(audience.definition.predicate?.text),
                "created": .text(call.format.dateTime(audience.createdTime)),
                "updated": .text(call.format.dateTime(audience.updatedTime)),
                "version": .text(call.format.number(audience.version)),
                "evaluated": audience.evaluatedTime.map { .text(call.format.relative($0)) } ?? false,
            ])
    }

    private static func span(_ days: Int, _ call: PageCall) -> String { call.text("audience.span.\(days)") }

    private static func chart(
        _ sizes: [AudienceSize], _ interval: AudienceService.SizeInterval, _ call: PageCall
    ) -> ChartFigure {
        let format = call.format
        let table = DataTable(
            call.text("audience.history"),
            columns: [
                .init(call.text("audience.time")), .init(call.text("audience.size"), isNumber: true),
                .init(call.text("audience.entered"), isNumber: true), .init(call.text("audience.left"), isNumber: true),
            ],
            rows: sizes.reversed().map { size in
                [
                    DataTable.Cell(interval == .hour ? format.dateTime(size.time) : format.date(size.time)),
                    DataTable.Cell(format.number(size.size)), DataTable.Cell(format.number(size.entered)),
                    DataTable.Cell(format.number(size.left)),
                ]
            })
        return ChartFigure(title: call.text("audience.history"), table: table) { size in
            var chart = LineChart(
                "",
                series: [
                    .init(
                        call.text("audience.size"),
                        sizes.map { .init(time: format.local($0.time), value: Double($0.size)) })
                ])
            chart.language = call.language.chart
            chart.size = size
            chart.lastIsPartial = true
            return chart
        }
    }
}
