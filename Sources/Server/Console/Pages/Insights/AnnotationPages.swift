import Access
import Analysis
import Engine
import Foundation
import Insights

/// What happened on which day, as marks on time axes.
enum AnnotationPages {
    static let pages = [list, create, delete]

    private static let list = ConsolePage.get(
        "insights/annotations", name: "annotations", in: .insights, access: .scope(.query)
    ) { call in
        let annotations = try call.workspace().insights.annotations()
        let rows = annotations.reversed().map { annotation -> PageValue in
            [
                "day": .text(annotation.definition.day), "text": .text(annotation.definition.text),
                "owner": .text(annotation.owner), "id": .text(String(annotation.id)),
                "delete": .text(call.link("insights/annotations/\(annotation.id)/delete")),
            ]
        }
        return .page(
            "insights/annotations", title: call.text("insights.tab.annotations"),
            [
                "tabs": InsightPages.tabs(.annotations, call).value, "rows": .list(rows),
                "hasRows": .flag(!rows.isEmpty), "mayWrite": .flag(call.may(.insightsWrite)),
                "today": .text(call.format.day(call.now)),
            ])
    }

    private static let create = ConsolePage.post(
        "insights/annotations", name: "annotation.create", in: .insights, access: .scope(.insightsWrite)
    ) { call in
        let members = ["day": call.form["day"] ?? "", "text": call.form["text"] ?? ""]
        let definition = try JSONDecoder().decode(AnnotationDefinition.self, from: JSONEncoder().encode(members))
        let made = try call.workspace().insights.annotate(definition, owner: call.call.owner)
        try call.call.note("annotation.created", "\(made.id)", definition.text)
        return .redirect(back(call), saying: call.text("insights.annotation.made"))
    }

    private static let delete = ConsolePage.post(
        "insights/annotations/{id}/delete", name: "annotation.delete", in: .insights, access: .scope(.insightsWrite),
        sample: "insights/annotations/0/delete"
    ) { call in
        let id = try call.call.number()
        try call.workspace().insights.deleteAnnotation(id)
        try call.call.note("annotation.deleted", "\(id)")
        return .redirect(back(call), saying: call.text("insights.annotation.gone"))
    }

    /// Where the form was, when that is a page of this workspace.
    private static func back(_ call: PageCall) -> String {
        let own = call.link("insights/")
        return call.form["back"].flatMap { $0.hasPrefix(own) ? $0 : nil } ?? "insights/annotations"
    }
}
