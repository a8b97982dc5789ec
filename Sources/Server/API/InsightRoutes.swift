import Access
import Engine
import Foundation
import Hummingbird
import Insights

/// What people keep of the questions that they ask.
enum InsightRoutes {
    static let routes: [APIRoute] = insights + dashboards + annotations + shares + journeyMap + names

    private static let insights: [APIRoute] = [
        APIRoute(
            .get, "/v1/insights", name: "listInsights", group: "Insights",
            "All saved insights, the latest changed first",
            access: .scope(.query), answers: [.json(.object(["insights": .list(.shared("Insight"))]))]
        ) { call in try call.answer(["insights": try call.insights().insights().map(InsightView.init)]) }
        .sampled("/v1/insights"),
        APIRoute(
            .post, "/v1/insights", name: "createInsight", group: "Insights", "Save a question",
            access: .scope(.insightsWrite), answers: [.json(.shared("Insight"), status: .created)]
        ) { call in
            let made = try call.insights().create(
                try await call.json(InsightDefinition.self), owner: call.owner)
            try call.note("insight.created", "\(made.id)", made.definition.name)
            return try call.answer(InsightView(made), status: .created)
        }
        .taking(.json(InsightView.definition))
        .sampled("/v1/insights", body: #"{"name":"sample","query":{"kind":"sessions"}}"#),
        APIRoute(
            .get, "/v1/insights/{id}", name: "insight", group: "Insights", "One saved insight", access: .scope(.query),
            answers: [.json(.shared("Insight"))]
        ) { call in try call.answer(InsightView(try call.insights().insight(call.number()))) }
        .numbered("insight").sampled("/v1/insights/0"),
        APIRoute(
            .put, "/v1/insights/{id}", name: "replaceInsight", group: "Insights", "Change a saved insight",
            access: .scope(.insightsWrite), answers: [.json(.shared("Insight"))]
        ) { call in
            let changed = try call.insights().update(
                call.number(), to: try await call.json(InsightDefinition.self))
            try call.note("insight.changed", "\(changed.id)", changed.definition.name)
            return try call.answer(InsightView(changed))
        }
        .numbered("insight").taking(.json(InsightView.definition))
        .sampled("/v1/insights/0", body: #"{"name":"sample","query":{"kind":"sessions"}}"#),
        APIRoute(
            .delete, "/v1/insights/{id}", name: "deleteInsight", group: "Insights",
            "Delete a saved insight; it leaves the dashboards that it is on", access: .scope(.insightsWrite),
            answers: [.nothing()]
        ) { call in
            let id = try call.number()
            try call.insights().deleteInsight(id)
            try call.note("insight.deleted", "\(id)")
            return call.nothing()
        }
        .numbered("insight").sampled("/v1/insights/0"),
    ]

    private static let dashboards: [APIRoute] = [
        APIRoute(
            .get, "/v1/dashboards", name: "listDashboards", group: "Insights",
            "All dashboards, the latest changed first",
            access: .scope(.query), answers: [.json(.object(["dashboards": .list(.shared("Dashboard"))]))]
        ) { call in try call.answer(["dashboards": try call.insights().dashboards().map(DashboardView.init)]) }
        .sampled("/v1/dashboards"),
        APIRoute(
            .post, "/v1/dashboards", name: "createDashboard", group: "Insights", "Make a dashboard",
            access: .scope(.insightsWrite), answers: [.json(.shared("Dashboard"), status: .created)]
        ) { call in
            let made = try call.insights().create(
                try await call.json(DashboardDefinition.self), owner: call.owner)
            try call.note("dashboard.created", "\(made.id)", made.definition.name)
            return try call.answer(DashboardView(made), status: .created)
        }
        .taking(.json(DashboardView.definition)).failing(.notFound)
        .sampled("/v1/dashboards", body: #"{"name":"sample","tiles":[{"text":"hello"}]}"#),
        APIRoute(
            .get, "/v1/dashboards/{id}", name: "dashboard", group: "Insights", "One dashboard", access: .scope(.query),
            answers: [.json(.shared("Dashboard"))]
        ) { call in try call.answer(DashboardView(try call.insights().dashboard(call.number()))) }
        .numbered("dashboard").sampled("/v1/dashboards/0"),
        APIRoute(
            .put, "/v1/dashboards/{id}", name: "replaceDashboard", group: "Insights", "Change a dashboard",
            access: .scope(.insightsWrite), answers: [.json(.shared("Dashboard"))]
        ) { call in
            let changed = try call.insights().update(
                call.number(), to: try await call.json(DashboardDefinition.self))
            try call.note("dashboard.changed", "\(changed.id)", changed.definition.name)
            return try call.answer(DashboardView(changed))
        }
        .numbered("dashboard").taking(.json(DashboardView.definition))
        .sampled("/v1/dashboards/0", body: #"{"name":"sample"}"#),
        APIRoute(
            .delete, "/v1/dashboards/{id}", name: "deleteDashboard", group: "Insights",
            "Delete a dashboard; its insights stay", access: .scope(.insightsWrite), answers: [.nothing()]
        ) { call in
            let id = try call.number()
            try call.insights().deleteDashboard(id)
            try call.note("dashboard.deleted", "\(id)")
            return call.nothing()
        }
        .numbered("dashboard").sampled("/v1/dashboards/0"),
    ]

    private static let annotations: [APIRoute] = [
        APIRoute(
            .get, "/v1/annotations", name: "listAnnotations", group: "Insights", "What happened on which day",
            access: .scope(.query), answers: [.json(.object(["annotations": .list(.shared("Annotation"))]))]
        ) { call in
            let found = try call.insights().annotations(from: call.text("from"), to: call.text("to"))
            return try call.answer(["annotations": found.map(AnnotationView.init)])
        }
        .query("from", .text(), "From this day on, such as 2024-06-01")
        .query("to", .text(), "Up to this day")
        .sampled("/v1/annotations"),
        APIRoute(
            .post, "/v1/annotations", name: "createAnnotation", group: "Insights", "Note what happened on a day",
            access: .scope(.insightsWrite), answers: [.json(.shared("Annotation"), status: .created)]
        ) { call in
            let made = try call.insights().annotate(try await call.json(), owner: call.owner)
            try call.note("annotation.created", "\(made.id)", made.definition.text)
            return try call.answer(AnnotationView(made), status: .created)
        }
        .taking(.json(AnnotationView.definition))
        .sampled("/v1/annotations", body: #"{"day":"2024-06-10","text":"sample"}"#),
        APIRoute(
            .put, "/v1/annotations/{id}", name: "replaceAnnotation", group: "Insights", "Change an annotation",
            access: .scope(.insightsWrite), answers: [.json(.shared("Annotation"))]
        ) { call in
            let changed = try call.insights().updateAnnotation(call.number(), to: try await call.json())
            try call.note("annotation.changed", "\(changed.id)", changed.definition.text)
            return try call.answer(AnnotationView(changed))
        }
        .numbered("annotation").taking(.json(AnnotationView.definition))
        .sampled("/v1/annotations/0", body: #"{"day":"2024-06-10","text":"sample"}"#),
        APIRoute(
            .delete, "/v1/annotations/{id}", name: "deleteAnnotation", group: "Insights", "Delete an annotation",
            access: .scope(.insightsWrite), answers: [.nothing()]
        ) { call in
            let id = try call.number()
            try call.insights().deleteAnnotation(id)
            try call.note("annotation.deleted", "\(id)")
            return call.nothing()
        }
        .numbered("annotation").sampled("/v1/annotations/0"),
    ]

    private static let shares: [APIRoute] = [
        APIRoute(
            .get, "/v1/shares", name: "listShares", group: "Insights",
            "The links that show an insight or a dashboard to people without an account, those that are over too",
            access: .scope(.insightsWrite), answers: [.json(.object(["shares": .list(.shared("Share"))]))]
        ) { call in try call.answer(["shares": try call.insights().shares().map { ShareView($0) }]) }
        .sampled("/v1/shares"),
        APIRoute(
            .post, "/v1/shares", name: "createShare", group: "Insights",
            "Make a link to an insight or a dashboard; its path is told this once", access: .scope(.insightsWrite),
            answers: [.json(.shared("Share"), status: .created)]
        ) { call in
            let request: ShareRequest = try await call.json()
            let (share, path) = try call.makeShare(request.target, days: request.days)
            return try call.answer(ShareView(share, path: path), status: .created)
        }
        .taking(.json(ShareView.request)).failing(.notFound)
        .sampled("/v1/shares", body: #"{"insight":0,"days":7}"#),
        APIRoute(
            .delete, "/v1/shares/{id}", name: "revokeShare", group: "Insights", "Make a link stop working",
            access: .scope(.insightsWrite), answers: [.nothing()]
        ) { call in
            let share = try call.insights().revokeShare(call.number())
            try call.note("share.revoked", "\(share.id)")
            return call.nothing()
        }
        .numbered("link").sampled("/v1/shares/0"),
    ]

    private static let stages = JSONSchema.object(["stages": .list(.object([:], isOpen: true), counts: 2...12)])
    private static let stagesAndOrigin = JSONSchema.object([
        "stages": .list(.object([:], isOpen: true), counts: 2...12), "isGuessed": .boolean,
    ])

    private static let journeyMap: [APIRoute] = [
        APIRoute(
            .get, "/v1/journey-map", name: "journeyMap", group: "Insights",
            "The stages of the journey map; guessed from the events' names until somebody draws one",
            access: .scope(.query), answers: [.json(stagesAndOrigin)]
        ) { call in
            let workspace = try call.workspace()
            return try call.answer(
                JourneyMapView(
                    stages: try workspace.journeyMap().stages,
                    isGuessed: try workspace.insights.journeyMap() == nil))
        }
        .sampled("/v1/journey-map"),
        APIRoute(
            .put, "/v1/journey-map", name: "replaceJourneyMap", group: "Insights", "Draw the journey map",
            access: .scope(.insightsWrite), answers: [.json(stages)]
        ) { call in
            let map: JourneyMapDefinition = try await call.json()
            try call.insights().setJourneyMap(map)
            try call.note("journey_map.changed", "journey-map")
            return try call.answer(map)
        }
        .taking(.json(stages))
        .sampled("/v1/journey-map", body: #"{"stages":[{"event":"*"},{"event":"Order"}]}"#),
        APIRoute(
            .delete, "/v1/journey-map", name: "resetJourneyMap", group: "Insights",
            "Go back to the stages that are guessed", access: .scope(.insightsWrite), answers: [.nothing()]
        ) { call in
            try call.insights().setJourneyMap(nil)
            try call.note("journey_map.reset", "journey-map")
            return call.nothing()
        }
        .sampled("/v1/journey-map"),
    ]

    private static let entries = JSONSchema.object([
        "names": .list(.object(["name": .text(), "count": .integer]))
    ])

    private static let names: [APIRoute] = [
        APIRoute(
            .get, "/v1/names/{of}", name: "names", group: "Questions",
            "Names of events, properties or values that fit a few letters (Korean: also their initial consonants)",
            access: .scope(.query), answers: [.json(entries)]
        ) { call in try call.answer(["names": try await call.names()]) }
        .pathParameter("of", "events, properties or values")
        .query("q", .text(lengths: 0...200), "A few letters of the name")
        .query("property", .text(lengths: 1...256), "The property whose values are wanted")
        .query("event", .text(lengths: 1...256), "The event whose values are wanted (default: any)")
        .query("limit", .integer(1...200), "Names at most (default: 20)")
        .sampled("/v1/names/events")
    ]
}

extension APIRoute {
    fileprivate func numbered(_ what: String) -> APIRoute { pathParameter("id", "The \(what)'s number") }
}

extension Call {
    func insights() throws -> InsightService { try workspace().insights }

    /// Who makes something, for display.
    var owner: String {
        switch principal {
        case .user(let user, _): user.name
        case .key(let key): key.name
        case nil: ""
        }
    }

    /// The number in the path.
    func number(_ name: String = "id") throws -> Int64 {
        guard let number = Int64(try pathParameter(name)) else {
            throw Problem.badRequest("must be a number", field: name)
        }
        return number
    }

    func note(_ action: String, _ target: String, _ name: String? = nil) throws {
        try access.note(
            change, workspace: workspaceName, action: action, target: target, detail: name.map { ["name": $0] } ?? [:])
    }

    /// Makes a link and notes it in the audit log.
    func makeShare(_ target: Share.Target, days: Int) throws -> (share: Share, path: String) {
        let (share, token) = try insights().share(target, days: days, owner: owner)
        try access.note(
            change, workspace: workspaceName, action: "share.created", target: "\(share.id)",
            detail: ["of": "\(target)", "days": "\(days)"])
        return (share, "/share/\(PageCall.escape(workspaceName))/\(token.text)")
    }

    /// What the route for names answers.
    func names() async throws -> [NameDirectory.Entry] {
        let (directory, text) = (try workspace().names, text("q") ?? "")
        let limit = try integer("limit", in: 1...200) ?? 20
        switch try pathParameter("of") {
        case "events": return try directory.events(text, limit: limit)
        case "properties": return try directory.properties(text, limit: limit)
        case "values":
            guard let property = self.text("property"), !property.isEmpty else {
                throw Problem.badRequest("must be given: the property whose values are wanted", field: "property")
            }
            let event = self.text("event").flatMap { $0.isEmpty || $0 == "*" ? nil : $0 }
            return try await parts.queries.run { try directory.values(of: property, event: event, text, limit: limit) }
        default: throw Problem.badRequest("must be events, properties or values", field: "of")
        }
    }
}
