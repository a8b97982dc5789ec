import Access
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import Lifecycle

/// What people are about at this moment, what to do about it, and what that changes.
enum IntentRoutes {
    static let routes: [APIRoute] = ofPeople + ofEverybody + ofTheModel

    // MARK: One person

    private static let ofPeople: [APIRoute] = [
        APIRoute(
            .get, "/v1/people/{id}/intent", name: "intent", group: "Intent",
            "What a person seems to be about now, with probabilities, and what the moment calls for",
            access: .scope(.eventsRead), answers: [.json(intent)]
        ) { call in
            let person = try call.pathParameter("id")
            let live = try call.workspace()
            return try call.answer(try await call.parts.queries.run { try live.intentView(of: person) })
        }
        .pathParameter("id", "An id or the key of the person").failing(.notFound)
        .sampled("/v1/people/person-of-nobody/intent"),
        APIRoute(
            .post, "/v1/people/{id}/moment", name: "decideMoment", group: "Intent",
            "Decide what to do for a person at this moment: nothing, reassurance, a guide, or a coupon within its "
                + "budget. The decision is logged; asked again about the same, the answer is the same",
            access: .scope(.peopleWrite), answers: [.json(moment)]
        ) { call in
            let person = try call.pathParameter("id")
            let live = try call.workspace()
            return try call.answer(try await call.parts.queries.run { try live.decideMoment(for: person) })
        }
        .pathParameter("id", "An id or the key of the person").failing(.notFound)
        .sampled("/v1/people/person-of-nobody/moment"),
    ]

    // MARK: Everybody

    private static let ofEverybody: [APIRoute] = [
        APIRoute(
            .get, "/v1/intent", name: "intentOverview", group: "Intent", "Who is in which state now, by keys",
            access: .scope(.eventsRead), answers: [.json(overview)]
        ) { call in
            let live = try call.workspace()
            return try call.answer(try await call.parts.queries.run { try live.intentOverview() })
        }
        .sampled("/v1/intent"),
        APIRoute(
            .get, "/v1/intent/stream", name: "streamIntent", group: "Intent",
            "The same as it changes, as server-sent events of the kind 'overview'", access: .scope(.eventsRead),
            answers: [.text("text/event-stream", summary: "Events without end")]
        ) { call in
            try IntentStream.respond(call) { view in
                "event: overview\ndata: \(String(decoding: try JSONText.encode(view), as: UTF8.self))\n\n"
            }
        },
        APIRoute(
            .get, "/v1/intent/results", name: "intentResults", group: "Intent",
            "What the actions changed: who got them beside who was held out", access: .scope(.query),
            answers: [.json(results)]
        ) { call in
            let live = try call.workspace()
            return try call.answer(
                MomentResultsView(try await call.parts.queries.run { try live.intent.results() }))
        }
        .sampled("/v1/intent/results"),
        APIRoute(
            .get, "/v1/intent/settings", name: "intentSettings", group: "Intent",
            "How sessions are read, what is done, and for whom nothing", access: .scope(.query),
            answers: [.json(settings)]
        ) { call in try call.answer(try call.workspace().intent.settings) }
        .sampled("/v1/intent/settings"),
        APIRoute(
            .put, "/v1/intent/settings", name: "setIntentSettings", group: "Intent",
            "Replace those settings; what is left out is as at first", access: .scope(.settingsWrite),
            answers: [.json(settings)]
        ) { call in
            try call.answer(try change(call, try await call.json(IntentSettings.self)))
        }
        .taking(.json(settings)).sampled("/v1/intent/settings", body: "{}"),
    ]

    /// Changes the settings and writes the audit log.
    static func change(_ call: Call, _ settings: IntentSettings) throws -> IntentSettings {
        let live = try call.workspace()
        let before = try live.intent.change(settings)
        if before != settings {
            func words(_ settings: IntentSettings) -> String {
                "on: \(settings.isOn), holdout: \(settings.holdout), coupon: "
                    + (settings.coupon.map { "\($0.code), \($0.budgetPerDay) a day" } ?? "none")
                    + ", rules: \(settings.rules.count)"
            }
            try call.access.note(
                call.change, workspace: call.workspaceName, action: "intent.settings.changed",
                target: call.workspaceName, detail: ["before": words(before), "after": words(settings)])
        }
        return live.intent.settings
    }

    // MARK: The model

    private static let ofTheModel: [APIRoute] = [
        APIRoute(
            .get, "/v1/intent/versions", name: "intentVersions", group: "Intent",
            "The versions of the model, and how good each is", access: .scope(.query), answers: [.json(versions)]
        ) { call in
            let live = try call.workspace()
            return try call.answer(
                IntentVersionsView(try await call.parts.queries.run { live.intent.versions() }))
        }
        .sampled("/v1/intent/versions"),
        APIRoute(
            .post, "/v1/intent/train", name: "trainIntent", group: "Intent",
            "Learn from all sessions that have ended; the new version answers unless it is worse",
            access: .scope(.settingsWrite), answers: [.json(.any)]
        ) { call in try call.answer(try await train(call, isForced: try call.flag("force"))) }
        .query("force", .boolean, "The new version answers in any case")
        .failing(.conflict).sampled("/v1/intent/train"),
        APIRoute(
            .post, "/v1/intent/activate", name: "activateIntent", group: "Intent",
            "Let another version answer; without one, the version before the one that answers",
            access: .scope(.settingsWrite), answers: [.json(.any)]
        ) { call in
            let number = try call.integer("version", in: 1...1_000_000)
            let live = try call.workspace()
            let version = try await call.parts.queries.run { try live.intent.rollBack(to: number) }
            try call.access.note(
                call.change, workspace: call.workspaceName, action: "intent.activated", target: "\(version.number)",
                detail: [:])
            return try call.answer(version)
        }
        .query("version", .integer(1...1_000_000), "Which one")
        .failing(.notFound).sampled("/v1/intent/activate"),
    ]

    static func train(_ call: Call, isForced: Bool = false) async throws -> IntentVersion {
        let live = try call.workspace()
        // On one thread, so that who asks meanwhile waits for no other.
        let version = try await call.parts.queries.run { try live.intent.train(isForced: isForced, threads: 1) }
        try call.access.note(
            call.change, workspace: call.workspaceName, action: "intent.trained", target: "\(version.number)",
            detail: ["sessions": "\(version.sessions)"])
        return version
    }
}

// MARK: - What answers look like

extension IntentRoutes {
    private static let state = JSONSchema.oneOf(IntentState.allCases.map(\.rawValue))
    private static let action = JSONSchema.oneOf(MomentAction.allCases.map(\.rawValue))

    private static let intent = JSONSchema.object(
        [
            "key": .text(), "isActive": .boolean, "state": state,
            "states": .list(
                .object(["state": state, "probability": .number, "holds": .boolean], optional: ["probability"])),
            "outcomes": .map(.number),
            "session": .object([
                "start": .time, "last": .time, "idleSeconds": .number, "events": .integer, "itemsViewed": .integer,
                "searches": .integer, "cartItems": .integer, "hasBought": .boolean,
                "signs": .list(.oneOf(SessionSign.allCases.map(\.rawValue))),
            ]),
            "recommended": .object(["action": action, "reasons": .list(.text())]), "modelVersion": .integer,
        ], optional: ["state", "outcomes", "session", "recommended", "modelVersion"])

    private static let moment = JSONSchema.object(
        [
            "decisionId": .text(), "action": action, "coupon": .text(), "reasons": .list(.text()),
            "isRepeated": .boolean, "state": state,
        ], optional: ["decisionId", "coupon", "state"])

    private static let overview = JSONSchema.object([
        "time": .time, "total": .integer, "waiting": .integer,
        "states": .list(
            .object([
                "state": state, "count": .integer,
                "people": .list(
                    .object(
                        ["key": .text(), "probability": .number, "idleSeconds": .number, "cartItems": .integer],
                        optional: ["probability"])),
            ])),
    ])

    private static let arm = JSONSchema.object(["people": .integer, "buyers": .integer, "value": .number])

    private static let results = JSONSchema.object([
        "hours": .integer, "open": .integer,
        "groups": .list(
            .object(
                [
                    "action": .oneOf(["all"] + MomentAction.allCases.map(\.rawValue)), "with": arm, "without": arm,
                    "difference": .object(["estimate": .number, "low": .number, "high": .number]),
                    "isEnough": .boolean, "coupons": .integer, "cost": .number,
                ], optional: ["difference"])),
    ])

    private static let rule = JSONSchema.object(
        [
            "event": .text(lengths: 1...256), "role": .oneOf(SessionRole.allCases.map(\.rawValue)), "item": .text(),
            "category": .text(), "price": .text(), "query": .text(), "results": .text(), "value": .text(),
        ], optional: ["item", "category", "price", "query", "results", "value"])

    private static let fields: [String: JSONSchema] = [
        "rules": .list(rule, counts: 0...IntentSettings.rulesMax), "isOn": .boolean,
        "coupon": .object(
            [
                "code": .text(lengths: 1...64), "cost": .number, "budgetPerDay": .number,
                "perPerson": .integer(0...1000),
                "days": .integer(1...3660), "probabilityMax": .number,
            ], optional: ["perPerson", "days", "probabilityMax"]),
        "actionsPerSession": .integer(1...20), "holdout": .number, "periodDays": .integer(1...366),
        "resultHours": .integer(1...720),
    ]
    private static let settings = JSONSchema.object(fields, optional: Set(fields.keys))

    private static let versions = JSONSchema.object(
        ["active": .integer, "versions": .list(.any), "damage": .list(.text())], optional: ["active"])
}
