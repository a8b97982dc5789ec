import Access
import Audiences
import Engine
import Foundation
import Recommendations

/// What items are to people: who is drawn by what, where people leave, what is missing, and what something new would
/// find.
enum ContentPages {
    static let pages = [
        ConsolePage.get("content", name: "content", in: .content, access: .scope(.query)) { call in
            try await ContentAffinityPage.page(call)
        },
        ConsolePage.get("content/watching", name: "content.watching", in: .content, access: .scope(.query)) { call in
            try await ContentWatchingPage.page(call)
        },
        ConsolePage.get("content/concept", name: "content.concept", in: .content, access: .scope(.query)) { call in
            try await ContentConceptPage.page(call)
        },
        ConsolePage.get("content/gaps", name: "content.gaps", in: .content, access: .scope(.query)) { call in
            try await ContentGapPage.page(call)
        },
    ]

    private static let tabs = ["content", "content/watching", "content/concept", "content/gaps"]

    /// A page with what all of these have: the tabs, or why there is nothing to see.
    static func answer(
        _ path: String, _ call: PageCall, _ body: () async throws -> PageValue
    ) async throws -> PageAnswer {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let title = call.text("content.tab.\(name)")
        var value: PageValue = [
            "heading": .text(title), "about": .text(call.text("content.about.\(name)")), "empty": false,
            "tabs": Tabs(
                call.text("nav.content"),
                tabs.map { tab in
                    let key = tab.split(separator: "/").last.map(String.init) ?? tab
                    return .init(
                        call.text("content.tab.\(key)"), href: call.link(tab), isCurrent: tab == path)
                }
            ).value,
        ]
        do {
            value = value.adding(try await body())
        } catch let error as RecommendationError where error.code == .insufficient {
            value = value.adding([
                "empty": EmptyState(
                    icon: "content", title: call.text("content.nothingTitle"), text: call.text("content.nothingText"),
                    snippet: "GET /v1/playback/mapping\nGET /v1/shopping/mapping"
                ).value
            ])
        }
        return .page("content/\(name == "content" ? "affinities" : name)", title: title, value)
    }

    /// `1.34 (1.20–1.49)`
    static func interval(_ interval: IntervalAnswer, _ call: PageCall) -> String {
        let format = call.format
        return "\(format.number(interval.estimate)) (\(format.number(interval.low))–\(format.number(interval.high)))"
    }

    /// `34.0% (30.1–38.2%)`
    static func share(_ interval: IntervalAnswer, _ call: PageCall) -> String {
        "\(call.format.percent(interval.estimate)) "
            + "(\(call.format.percent(interval.low))–\(call.format.percent(interval.high)))"
    }

    /// The attribute's name in the reader's language, where it is a usual one.
    static func attribute(_ name: String, _ call: PageCall) -> String {
        let known: Set = [
            "genre", "kind", "mood", "era", "country", "category", "subcategory", "brand", "cast", "year",
        ]
        return known.contains(name) ? call.text("content.attribute.\(name)") : name
    }
}

/// Which attributes draw and keep an audience.
enum ContentAffinityPage {
    static func page(_ call: PageCall) async throws -> PageAnswer {
        let audiences = call.may(.audiencesRead) ? try call.workspace().audiences.list().map(\.name).sorted() : []
        let chosen = call.query("audience").flatMap { audiences.contains($0) ? $0 : nil } ?? audiences.first
        let name = call.query("attribute")
        return try await ContentPages.answer("content", call) {
            let content = try call.workspace().guidance.content
            let attributes = try await call.parts.queries.run { AttributeListAnswer(try content.attributes()) }
            var value: PageValue = [
                "audience": FormField(
                    .select(audiences.map { .init($0, $0) }), "audience", call.text("content.audience"), value: chosen
                ).value,
                "attribute": FormField(
                    .select(
                        [.init("", call.text("content.allAttributes"))]
                            + attributes.attributes.map { .init($0.name, ContentPages.attribute($0.name, call)) }),
                    "attribute", call.text("content.attribute"), value: name
                ).value,
                "hasAudiences": .flag(!audiences.isEmpty), "audiences": .text(call.link("audiences")), "table": false,
                "tooFew": false, "summary": false,
            ]
            guard let chosen else { return value }
            do {
                let result = try await call.parts.queries.run { try content.affinities(of: chosen, name: name) }
                let answer = AffinityAnswer(chosen, result.persons, result.rows)
                value = value.adding([
                    "table": table(answer, call).value,
                    "summary": .text(call.text("content.affinityPersons", count: answer.persons)),
                ])
            } catch let error as RecommendationError where error.code == .insufficient {
                value = value.adding(["tooFew": .text(call.text("content.tooFew", ["audience": chosen]))])
            }
            return value
        }
    }

    private static func table(_ answer: AffinityAnswer, _ call: PageCall) -> DataTable {
        let shown = answer.attributes.filter { $0.draws || $0.keeps }
        let rest = answer.attributes.filter { !$0.draws && !$0.keeps }
        var table = DataTable(
            call.text("content.tab.content"),
            columns: [
                .init(call.text("content.attribute")), .init(call.text("content.share"), isNumber: true),
                .init(call.text("content.shareOfAll"), isNumber: true),
                .init(call.text("content.lift"), isNumber: true), .init(call.text("content.kept"), isNumber: true),
                .init(call.text("content.keptOfAll"), isNumber: true),
                .init(call.text("content.keepLift"), isNumber: true), .init(call.text("content.verdict")),
            ], rows: (shown + rest).prefix(100).map { row($0, call) })
        table.isTall = true
        return table
    }

    private static func row(_ row: AffinityAnswer.Row, _ call: PageCall) -> [DataTable.Cell] {
        let verdict: (key: String, chip: String) =
            switch (row.draws, row.keeps) {
            case (true, _) where (row.lift?.estimate ?? 1) > 1: ("draws", "good")
            case (true, _): ("repels", "bad")
            case (_, true) where (row.keepLift?.estimate ?? 1) > 1: ("keeps", "info")
            case (_, true): ("loses", "warn")
            default: ("chance", "")
            }
        return [
            DataTable.Cell(row.value, note: ContentPages.attribute(row.name, call)),
            DataTable.Cell(call.format.percent(row.share)), DataTable.Cell(call.format.percent(row.shareOfAll)),
            DataTable.Cell(row.lift.map { ContentPages.interval($0, call) } ?? "–"),
            DataTable.Cell(row.kept.map { call.format.percent($0) } ?? "–"),
            DataTable.Cell(row.keptOfAll.map { call.format.percent($0) } ?? "–"),
            DataTable.Cell(row.keepLift.map { ContentPages.interval($0, call) } ?? "–"),
            DataTable.Cell(call.text("content.verdict.\(verdict.key)"), chip: verdict.chip),
        ]
    }
}
