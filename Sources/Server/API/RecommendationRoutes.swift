import Access
import Analysis
import Engine
import Hummingbird
import Recommendations
import Settings

/// What events say about items, and the models that learn from it.
enum RecommendationRoutes {
    static let routes: [APIRoute] = settings + training + models + ModelQuestionRoutes.routes

    // MARK: What events say

    private static let settings: [APIRoute] = [
        APIRoute(
            .get, "/v1/recommendations/settings", name: "feedbackSettings", group: "Recommendations",
            "What events say about items: as somebody has set it, or as their names suggest",
            access: .scope(.recommendationsRead), answers: [.json(feedbackView)]
        ) { call in
            let live = try call.workspace()
            let settings = try await call.parts.queries.run { try live.decisions.feedback() }
            return try call.answer(FeedbackView(settings, isSet: live.placements.feedback != nil))
        }
        .sampled("/v1/recommendations/settings"),
        APIRoute(
            .put, "/v1/recommendations/settings", name: "putFeedbackSettings", group: "Recommendations",
            "Say which events are about items, by which property, and how much each kind counts",
            access: .scope(.recommendationsWrite), answers: [.json(feedbackView)]
        ) { call in
            let settings: FeedbackSettings = try await call.json()
            try setFeedback(settings, call)
            return try call.answer(FeedbackView(settings, isSet: true))
        }
        .taking(.json(feedback))
        .sampled(
            "/v1/recommendations/settings",
            body: #"{"events":[{"event":"Order Completed","item":"products.sku","kind":"purchase"}]}"#),
        APIRoute(
            .delete, "/v1/recommendations/settings", name: "deleteFeedbackSettings", group: "Recommendations",
            "Go back to what the names of events suggest", access: .scope(.recommendationsWrite), answers: [.nothing()]
        ) { call in
            try setFeedback(nil, call)
            return call.nothing()
        }
        .sampled("/v1/recommendations/settings"),
    ]

    static func setFeedback(_ settings: FeedbackSettings?, _ call: Call) throws {
        let live = try call.workspace()
        try live.placements.setFeedback(settings)
        try call.access.note(
            call.change, workspace: call.workspaceName, action: "feedback.changed", target: "",
            detail: ["events": settings.map { "\($0.events.count)" } ?? "suggested"])
    }

    // MARK: Training

    private static let training: [APIRoute] = [
        APIRoute(
            .post, "/v1/recommendations/train", name: "trainModel", group: "Recommendations",
            "Train a model on everything in the log, in the background; it answers when it is not worse",
            access: .scope(.recommendationsWrite), answers: [.json(trainingView, status: .accepted, "Begun")]
        ) { call in
            let body: TrainBody = try await call.json()
            let live = try call.workspace()
            let job = try await call.parts.queries.run { try live.beginTraining(body) }
            try call.access.note(
                call.change, workspace: call.workspaceName, action: "model.training", target: job.model, detail: [:])
            return try call.answer(TrainingView(job), status: .accepted)
        }
        .taking(
            .json(
                .object(
                    ["model": .text(lengths: 1...64), "settings": .any, "force": .boolean],
                    optional: ["model", "settings", "force"]))
        )
        .failing(.conflict),
        APIRoute(
            .get, "/v1/recommendations/training", name: "training", group: "Recommendations",
            "The training that runs, or the last one", access: .scope(.recommendationsRead),
            answers: [.json(trainingView)]
        ) { call in
            guard let job = try call.workspace().training.job else {
                throw Problem.notFound("nothing has been trained since the server started")
            }
            return try call.answer(TrainingView(job))
        }
        .failing(.notFound).sampled("/v1/recommendations/training"),
        APIRoute(
            .delete, "/v1/recommendations/training", name: "stopTraining", group: "Recommendations",
            "Stop the training that runs; nothing is changed then", access: .scope(.recommendationsWrite),
            answers: [.nothing()]
        ) { call in
            try call.workspace().training.stop()
            return call.nothing()
        }
        .sampled("/v1/recommendations/training"),
    ]

    // MARK: Models

    private static let models: [APIRoute] = [
        APIRoute(
            .get, "/v1/recommendations/models", name: "models", group: "Recommendations",
            "The models in memory, and what keeps one from answering", access: .scope(.recommendationsRead),
            answers: [.json(statesView)]
        ) { call in try call.answer(ModelStatesView(try call.workspace().decisions)) }
        .sampled("/v1/recommendations/models"),
        APIRoute(
            .get, "/v1/recommendations/models/{name}", name: "modelVersions", group: "Recommendations",
            "The versions of a model, and how good each is", access: .scope(.recommendationsRead),
            answers: [.json(versionsView)]
        ) { call in
            let name = try call.pathParameter("name")
            return try call.answer(
                ModelVersionsView(name, try call.workspace().recommendations.versions(name)))
        }
        .modelParameter().sampled("/v1/recommendations/models/nothing"),
        APIRoute(
            .post, "/v1/recommendations/models/{name}/activate", name: "activateModel", group: "Recommendations",
            "Let a version answer; without one, the version before the active one",
            access: .scope(.recommendationsWrite), answers: [.json(.any)]
        ) { call in
            let name = try call.pathParameter("name")
            let wanted: VersionBody = try await call.json()
            return try call.answer(try await activate(name, wanted.version, call))
        }
        .modelParameter()
        .taking(.json(.object(["version": .integer(1...1_000_000)], optional: ["version"])))
        .sampled("/v1/recommendations/models/nothing/activate", body: "{}"),
        APIRoute(
            .post, "/v1/recommendations/list", name: "recommend", group: "Recommendations",
            "What fits a person by a model alone, without a placement; nothing is logged",
            access: .scope(.recommendationsRead), answers: [.json(.any)]
        ) { call in
            let body: ListBody = try await call.json()
            let live = try call.workspace()
            let korean = (body.language ?? live.settings.current.locale).hasPrefix("ko")
            let list = try await call.parts.queries.run {
                try ModelListView(
                    try live.recommendations.open(body.model), person: body.person, count: body.count,
                    region: body.region, korean: korean, started: try live.guidance.started(by: body.person))
            }
            return try call.answer(list)
        }
        .needing(.eventsRead).taking(.json(listBody)).failing(.notFound)
        .sampled("/v1/recommendations/list", body: #"{"person":"u1"}"#),
    ]

    static func activate(_ name: String, _ version: Int?, _ call: Call) async throws -> ModelVersion {
        let live = try call.workspace()
        let active = try await call.parts.queries.run { try live.activate(name, version) }
        try call.access.note(
            call.change, workspace: call.workspaceName, action: "model.activated", target: name,
            detail: ["version": "\(active.number)"])
        return active
    }

    private struct VersionBody: Decodable {
        var version: Int?

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "which version", allowed: ["version"])
            version = fields.has("version") ? try fields.integer("version", in: 1...1_000_000, default: 1) : nil
        }
    }

    private struct ListBody: Decodable {
        var person: String
        var count: Int
        var model: String
        var region: String?
        var language: String?

        init(from decoder: any Decoder) throws {
            let fields = try Fields(
                decoder, of: "a list", allowed: ["person", "count", "model", "region", "language"])
            person = try fields.required("person")
            count = try fields.integer("count", in: 1...1_000, default: 10)
            model = try fields.text("model") ?? "default"
            region = try fields.text("region")
            language = try fields.text("language")
        }
    }
}

// MARK: - What they look like

extension RecommendationRoutes {
    private static let members: [String: JSONSchema] = [
        "events": .list(
            .object(
                [
                    "event": .text(), "item": .text(), "kind": .oneOf(FeedbackKind.allCases.map(\.rawValue)),
                    "strength": .number, "value": .text(), "outOf": .number, "dismissedBelow": .number,
                ], optional: ["kind", "strength", "value", "outOf", "dismissedBelow"]), counts: 0...100),
        "strengths": .map(.number), "group": .text(),
    ]
    private static let feedback = JSONSchema.object(members, optional: ["events", "strengths", "group"])
    private static let feedbackView = JSONSchema.object([
        "settings": .object(members, optional: ["group"]), "isSet": .boolean, "strengths": .map(.number),
    ])
    private static let trainingView = JSONSchema.object(
        [
            "number": .integer, "model": .text(),
            "state": .oneOf(["running", "done", "failed", "stopped"]), "stage": .text(), "share": .number,
            "startedAt": .time, "endedAt": .time, "version": .any, "error": .text(), "code": .text(),
        ], optional: ["endedAt", "version", "error", "code"])
    private static let versionsView = JSONSchema.object(
        ["model": .text(), "active": .integer, "versions": .list(.any), "damage": .list(.text())],
        optional: ["active"])
    private static let statesView = JSONSchema.object([
        "models": .list(
            .object(
                [
                    "name": .text(), "version": .integer, "items": .integer, "servingBytes": .integer,
                    "fallback": .text(), "notes": .list(.text()),
                ], optional: ["fallback"])), "decisionsLost": .integer,
    ])
    private static let listBody = JSONSchema.object(
        [
            "person": .text(lengths: 1...512), "count": .integer(1...1_000), "model": .text(lengths: 1...64),
            "region": .text(), "language": .oneOf(["en", "ko"]),
        ], optional: ["count", "model", "region", "language"])
}

extension APIRoute {
    fileprivate func modelParameter() -> APIRoute { pathParameter("name", "The model's name").failing(.notFound) }
}
