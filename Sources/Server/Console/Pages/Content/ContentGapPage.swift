import Engine
import Foundation
import Recommendations

/// What is wanted and not there.
enum ContentGapPage {
    static func page(_ call: PageCall) async throws -> PageAnswer {
        try await ContentPages.answer("content/gaps", call) {
            let content = try call.workspace().guidance.content
            let answer = try await call.parts.queries.run {
                GapAnswer(try content.unmetTerms(), try content.demand())
            }
            let wanted = answer.attributes.filter { $0.isCertain && $0.index.estimate > 1 }
            let idle = answer.attributes.filter { $0.isCertain && $0.index.estimate < 1 }.reversed()
            return [
                "terms": answer.terms.isEmpty ? false : terms(answer.terms, call).value,
                "wanted": wanted.isEmpty ? false : attributes(wanted, call.text("content.wanted"), call).value,
                "idle": idle.isEmpty ? false : attributes(Array(idle), call.text("content.idle"), call).value,
            ]
        }
    }

    private static func terms(_ terms: [GapAnswer.Term], _ call: PageCall) -> DataTable {
        var table = DataTable(
            call.text("content.terms"),
            columns: [
                .init(call.text("content.term")), .init(call.text("content.searches"), isNumber: true),
                .init(call.text("content.empty"), isNumber: true), .init(call.text("content.unmet"), isNumber: true),
                .init(call.text("content.leadsTo")),
            ],
            rows: terms.map { term in
                [
                    DataTable.Cell(term.term), DataTable.Cell(call.format.number(term.searches)),
                    DataTable.Cell(call.format.number(term.empty)),
                    DataTable.Cell(ContentPages.share(term.unmet, call)),
                    DataTable.Cell(term.category ?? "–"),
                ]
            })
        table.isTall = true
        return table
    }

    private static func attributes(
        _ rows: [GapAnswer.Attribute], _ caption: String, _ call: PageCall
    ) -> DataTable {
        DataTable(
            caption,
            columns: [
                .init(call.text("content.attribute")), .init(call.text("content.index"), isNumber: true),
                .init(call.text("content.demand"), isNumber: true), .init(call.text("content.supply"), isNumber: true),
                .init(call.text("content.items"), isNumber: true), .init(call.text("content.kept"), isNumber: true),
            ],
            rows: rows.prefix(30).map { row in
                [
                    DataTable.Cell(row.value, note: ContentPages.attribute(row.name, call)),
                    DataTable.Cell(ContentPages.interval(row.index, call)),
                    DataTable.Cell(call.format.percent(row.demand)), DataTable.Cell(call.format.percent(row.supply)),
                    DataTable.Cell(call.format.number(row.items)),
                    DataTable.Cell(row.kept.map { call.format.percent($0) } ?? "–"),
                ]
            })
    }
}
