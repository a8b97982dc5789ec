import Access
import Analysis
import Engine
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import Insights
import NIOCore

/// Questions: what is saved, a builder for each kind, who is behind a number, tables as files.
enum InsightPages {
    static let pages: [ConsolePage] =
        [saved, open, delete, save, suggestions] + builders + DashboardPages.pages + SharePages.pages
        + AnnotationPages.pages + JourneyPages.pages

    /// The kinds in the order of the tabs.
    static let kinds: [Query.Kind] = [
        .trends, .funnel, .retention, .paths, .lifecycle, .stickiness, .sessions, .correlation,
    ]

    private static let builders: [ConsolePage] = (kinds + [.journeyMap]).flatMap { kind in
        [
            ConsolePage.get(
                "insights/\(kind.rawValue)", name: "insight.\(kind.rawValue)", in: .insights, access: .scope(.query)
            ) { call in try await builder(kind, call) },
            ConsolePage.get(
                "insights/\(kind.rawValue)/people", name: "insight.\(kind.rawValue).people", in: .insights,
                access: .scope(.peopleRead)
            ) { call in try await InsightPeople.page(kind, call) },
            ConsolePage.post(
                "insights/\(kind.rawValue)/people", name: "insight.\(kind.rawValue).audience", in: .insights,
                access: .scope(.audiencesWrite)
            ) { call in try await InsightPeople.save(kind, call) },
            ConsolePage.get(
                "insights/\(kind.rawValue)/table.csv", name: "insight.\(kind.rawValue).csv", in: .insights,
                access: .scope(.query)
            ) { call in try await table(kind, call) },
        ]
    }

    // MARK: What is saved

    private static let saved = ConsolePage.get("insights", name: "insights", in: .insights, access: .scope(.query)) {
        call in
        let insights = try call.workspace().insights.insights()
        let dashboards = try call.workspace().insights.dashboards()
        return .page(
            "insights/list", title: call.text("insights.title"),
            [
                "tabs": tabs(.saved, call).value,
                "kinds": .list(
                    kinds.map { kind in
                        [
                            "href": .text(call.link("insights/" + kind.rawValue)),
                            "name": .text(call.text("insights.kind." + kind.rawValue)),
                            "text": .text(call.text("insights.about." + kind.rawValue)), "kind": .text(kind.rawValue),
                        ]
                    }),
                "hasInsights": .flag(!insights.isEmpty), "hasDashboards": .flag(!dashboards.isEmpty),
                "mayWrite": .flag(call.may(.insightsWrite)),
                "dashboards": .list(dashboards.map { DashboardPages.card($0, call) }),
                "insights": .list(insights.map { row($0, call) }),
            ])
    }

    private static func row(_ insight: Insight, _ call: PageCall) -> PageValue {
        let kind = insight.definition.query.kind.rawValue
        return [
            "href": .text(call.link("insights/saved/\(insight.id)")), "name": .text(insight.definition.name),
            "description": .text(insight.definition.description), "kindName": .text(call.text("insights.kind." + kind)),
            "owner": .text(insight.owner), "updated": call.format.moment(insight.updatedTime),
            "delete": Confirmation(
                id: "delete-\(insight.id)", action: call.link("insights/saved/\(insight.id)/delete"),
                button: call.text("insights.delete"), title: call.text("insights.deleteTitle"),
                text: call.text("insights.deleteText", ["name": insight.definition.name]),
                yes: call.text("insights.delete")
            ).value,
        ]
    }

    private static let open = ConsolePage.get(
        "insights/saved/{id}", name: "insight.saved", in: .insights, access: .scope(.query), sample: "insights/saved/0"
    ) { call in
        let insight = try call.workspace().insights.insight(call.call.number())
        let question = try InsightQuestion(insight.definition.query)
        return .redirect(question.link(call) + "&insight=\(insight.id)", flash: nil)
    }

    private static let delete = ConsolePage.post(
        "insights/saved/{id}/delete", name: "insight.delete", in: .insights, access: .scope(.insightsWrite),
        sample: "insights/saved/0/delete"
    ) { call in
        let id = try call.call.number()
        let insight = try call.workspace().insights.insight(id)
        try call.workspace().insights.deleteInsight(id)
        try call.call.note("insight.deleted", "\(id)", insight.definition.name)
        return .redirect("insights", saying: call.text("insights.deleted", ["name": insight.definition.name]))
    }

    // MARK: Builders

    private static func builder(_ kind: Query.Kind, _ call: PageCall) async throws -> PageAnswer {
        let fields = call.fields
        var question = try InsightQuestion(kind, call, fields: fields)
        let isEdited = question.form.apply(fields)
        if isEdited || call.hasPrivateFields {
            let insight = call.query("insight").map { "&insight=" + PageCall.escape($0) } ?? ""
            let part = call.query("part").map { "&part=" + PageCall.escape($0) } ?? ""
            // Whoever has changed the form without a script goes on with it, also where it is folded.
            return .redirect(question.link(call) + insight + part + (isEdited ? "#ask" : ""), flash: nil)
        }
        let answer = try await answerValue(&question, call)
        let insight = try call.query("insight").flatMap { Int64($0) }.flatMap { id in
            try call.workspace().insights.insights().first { $0.id == id }
        }
        let value: PageValue = [
            "builder": InsightBuilder(question.form, call).value, "answer": answer,
            "save": saveValue(question, insight, call),
        ]
        switch call.query("part") {
        case "answer": return .part(template: "insights/answer", answer.adding(["save": value["save"]]))
        case nil: break
        default: return .part(template: "insights/body", value)
        }
        let name = insight?.definition.name ?? call.text("insights.kind." + kind.rawValue)
        return .page(
            "insights/builder", title: name, scripts: ["insights.js"],
            value.adding([
                "heading": .text(name), "about": .text(call.text("insights.about." + kind.rawValue)),
                "tabs": tabs(.kind(kind), call).value,
            ]))
    }

    /// The answer as a page shows it, or what is wrong with the question.
    private static func answerValue(_ question: inout InsightQuestion, _ call: PageCall) async throws -> PageValue {
        let workspace = try call.workspace()
        if try workspace.names.statistics().events == 0 {
            return answer(isEmpty: true, call)
        }
        do {
            guard let query = question.query else { return answer(question.mistake, call) }
            let answered = try await InsightAnswer.ask(query, workspace, call.parts)
            let setting = try call.reportSetting(peopleBase: question.link(call, "people"), workspace)
            let shown = InsightPresentation(answered, call, setting)
            return shown.value(csvBase: question.link(call, "table.csv")).adding([
                "isEmpty": false, "mistake": false, "hasAnswer": true,
            ])
        } catch let error as QueryError {
            return answer(error, call)
        }
    }

    private static func answer(_ mistake: QueryError? = nil, isEmpty: Bool = false, _ call: PageCall) -> PageValue {
        let text = mistake.map { ($0.field.isEmpty ? "" : $0.field + ": ") + $0.message }
        return [
            "isEmpty": isEmpty
                ? EmptyState(
                    icon: "insights", title: call.text("insights.emptyTitle"), text: call.text("insights.emptyText"),
                    snippet: "dangol import events.jsonl"
                ).value : false,
            "mistake": text.map { .text($0) } ?? false, "hasAnswer": false, "summary": [], "figures": [], "tables": [],
            "notes": [], "hasNotes": false, "explanation": false,
        ]
    }

    private static func saveValue(_ question: InsightQuestion, _ insight: Insight?, _ call: PageCall) -> PageValue {
        guard call.may(.insightsWrite), question.query != nil else { return false }
        let dashboards = (try? call.workspace().insights.dashboards()) ?? []
        return [
            "kind": .text(question.form.kind.rawValue), "address": .text(question.form.address(hiding: call.hide)),
            "insight": insight.map { .text(String($0.id)) } ?? false,
            "name": .text(insight?.definition.name ?? ""), "description": .text(insight?.definition.description ?? ""),
            "isTable": .flag(insight?.definition.view == .table),
            "dashboards": .list(
                dashboards.map { ["id": .text(String($0.id)), "name": .text($0.definition.name)] }),
            "hasDashboards": .flag(!dashboards.isEmpty),
            "share": insight.map { .text(call.link("insights/saved/\($0.id)/share")) } ?? false,
            "annotations": .text(call.link("insights/annotations")), "back": .text(question.link(call)),
            "journey": question.form.kind == .journeyMap ? .text(call.link("journey")) : false,
        ]
    }

    private static let save = ConsolePage.post(
        "insights/save", name: "insight.save", in: .insights, access: .scope(.insightsWrite)
    ) { call in
        guard let kind = call.form["kind"].flatMap({ Query.Kind(rawValue: $0) }) else {
            throw Problem.badRequest("must be a kind of question", field: "kind")
        }
        let fields = try call.fields(of: "address")
        let question = try InsightQuestion(kind, call, fields: fields)
        guard let query = question.query else {
            throw question.mistake ?? QueryError(.missingField, "query", "must be given")
        }
        guard let name = call.form["name"], name.count <= InsightDefinition.nameLength else {
            return .redirect(question.link(call), flash: Flash(kind: .warning, text: call.text("insights.nameMissing")))
        }
        let service = try call.workspace().insights
        let definition = InsightDefinition(
            name, description: call.form["description"] ?? "", query: query.withoutPeople,
            view: call.form["view"] == "table" ? .table : .chart)
        let insight: Insight
        if let id = call.form["insight"].flatMap({ Int64($0) }), call.form["copy"] == nil {
            insight = try service.update(id, to: definition)
            try call.call.note("insight.changed", "\(id)", name)
        } else {
            insight = try service.create(definition, owner: call.call.owner)
            try call.call.note("insight.created", "\(insight.id)", name)
        }
        if let dashboard = call.form["dashboard"].flatMap({ Int64($0) }) {
            _ = try service.change(dashboard: dashboard) { $0.tiles.append(DashboardTile(.insight(insight.id))) }
            return .redirect("insights/dashboards/\(dashboard)", saying: call.text("insights.saved", ["name": name]))
        }
        return .redirect(
            question.link(call) + "&insight=\(insight.id)",
            flash: Flash(kind: .done, text: call.text("insights.saved", ["name": name])))
    }

    private static func table(_ kind: Query.Kind, _ call: PageCall) async throws -> PageAnswer {
        let question = try InsightQuestion(kind, call, fields: call.fields)
        guard let query = question.query else {
            throw question.mistake ?? QueryError(.missingField, "kind", "must be given")
        }
        let answer = try await InsightAnswer.ask(query, call.workspace(), call.parts)
        let index = call.query("table").flatMap { Int($0) } ?? 0
        guard let bytes = InsightPresentation.csv(answer, table: index, try call.reportSetting(peopleBase: nil, nil))
        else {
            throw Problem.notFound("the answer has no table \(index)")
        }
        return .response(
            Response(
                status: .ok,
                headers: [
                    .contentType: "text/csv; charset=utf-8",
                    .contentDisposition: "attachment; filename=\"\(kind.rawValue)-\(index + 1).csv\"",
                ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))))
    }

    // MARK: Around

    enum Place: Equatable {
        case saved, dashboards, annotations
        case kind(Query.Kind)
    }

    static func tabs(_ place: Place, _ call: PageCall) -> Tabs {
        var tabs = [
            Tabs.Tab(call.text("insights.tab.saved"), href: call.link("insights"), isCurrent: place == .saved),
            Tabs.Tab(
                call.text("insights.tab.dashboards"), href: call.link("insights/dashboards"),
                isCurrent: place == .dashboards),
        ]
        tabs += kinds.map { kind in
            Tabs.Tab(
                call.text("insights.kind." + kind.rawValue), href: call.link("insights/" + kind.rawValue),
                isCurrent: place == .kind(kind))
        }
        tabs.append(
            Tabs.Tab(
                call.text("insights.tab.annotations"), href: call.link("insights/annotations"),
                isCurrent: place == .annotations))
        return Tabs(call.text("insights.title"), tabs)
    }

    /// Names for fields with suggestions.
    private static let suggestions = ConsolePage.get(
        "insights/names/{of}", name: "insight.names", in: .insights, access: .scope(.query),
        sample: "insights/names/events"
    ) { call in
        let entries: [NameDirectory.Entry]
        if try call.pathParameter("of") == "traits" {
            entries = try call.workspace().traitNames(call.query("q") ?? "")
        } else {
            entries = try await call.call.names()
        }
        var options = entries.map { entry in
            ["value": entry.name, "label": entry.name, "note": entry.count > 0 ? call.format.number(entry.count) : ""]
        }
        if try call.pathParameter("of") == "events", call.query("q").map({ $0 == "*" }) ?? true {
            options.insert(["value": "*", "label": call.text("insights.placeholder.anyEvent"), "note": "*"], at: 0)
        }
        return .response(try call.call.answer(options))
    }
}

extension InsightForm {
    /// Does what a button of the form asks: adds a row, removes or moves one.
    ///
    /// - Returns: whether there was anything to do.
    mutating func apply(_ fields: [(name: String, value: String)]) -> Bool {
        var isChanged = false
        for (name, value) in fields {
            switch name {
            case "add":
                // The rows that are shown without being there yet stay.
                let isEvents = !value.hasSuffix("filters")
                if isEvents, tree.list(value).isEmpty { tree.add(to: value, .map(["event": .text("")])) }
                tree.add(to: value, .map([isEvents ? "event" : "name": .text("")]))
            case "remove": tree.remove(value)
            case "move":
                let parts = value.split(separator: ".").map(String.init)
                if parts.count >= 3, let from = Int(parts[parts.count - 2]), let to = Int(parts[parts.count - 1]) {
                    tree.move(parts.dropLast(2).joined(separator: "."), from: from, to: to)
                }
            default: continue
            }
            isChanged = true
        }
        return isChanged
    }
}
