import Access
import Analysis
import Engine
import EventLog
import Foundation
import Hummingbird
import Recommendations
import Settings

/// What persons are to be shown, why, and what came of it.
enum DecisionRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .post, "/v1/decide", name: "decide", group: "Decisions",
            "Decide what a person is shown at one or several placements; there is always an answer. The placement 'moment' "
                + "says what to do for them at this moment of their session",
            access: .scope(.decide),
            answers: [.json(.object(["decisions": .list(.shared("Decision")), "milliseconds": .number]))]
        ) { call in try await decide(call) }
        .taking(.json(requestSchema), bytes: 256 << 10)
        .sampled("/v1/decide", body: #"{"person":"u1","placement":"home","context":{"hour":21}}"#),
        APIRoute(
            .get, "/v1/decisions", name: "listDecisions", group: "Decisions", "The latest decisions, the latest first",
            access: .scope(.recommendationsRead),
            answers: [.json(.object(["decisions": .list(.shared("DecisionWithPerson")), "matched": .integer]))]
        ) { call in try await list(call) }
        .needing(.eventsRead)
        .query("placement", .text(lengths: 1...64), "Only of this placement")
        .query("person", .text(lengths: 1...512), "Only for this person")
        .query("fallback", .boolean, "Only those that fell back")
        .query("days", .integer(1...3_650), "Only of the last days (default: 7)")
        .query("limit", .integer(1...500), "How many (default: 50)")
        .query("language", .oneOf(["en", "ko"]), "The language of words (default: the workspace's)")
        .sampled("/v1/decisions"),
        APIRoute(
            .get, "/v1/decisions/{id}", name: "decision", group: "Decisions",
            "A decision: what, why, and what came of it, in words as well", access: .scope(.recommendationsRead),
            answers: [.json(.shared("DecisionExplanation"))]
        ) { call in
            let id = try decisionID(call)
            let live = try call.workspace()
            let teller = DecisionTeller(live.decisions, language: language(call, live))
            let explanation = try await call.parts.queries.run { try live.decisions.explanation(of: id) }
            return try call.answer(DecisionExplanationView(explanation, teller))
        }
        .needing(.eventsRead).pathParameter("id", "The decision's id").failing(.notFound)
        .query("language", .oneOf(["en", "ko"]), "The language of words (default: the workspace's)")
        .sampled("/v1/decisions/nothing"),
        feedback,
    ]

    // MARK: Deciding

    private static let warmUpMilliseconds = 500

    private static func decide(_ call: Call) async throws -> Response {
        let start = ContinuousClock.now
        let body: DecideBody = try await call.json()
        let live = try call.workspace()
        await live.decisions.warmUp(milliseconds: warmUpMilliseconds)
        let teller = DecisionTeller(live.decisions, language: body.language ?? live.settings.current.locale)
        let request = body.request
        // What is decided at a moment is in the log before anybody hears of it, and that takes a disk.
        let decisions =
            request.hasMoment
            ? try await call.parts.queries.run { live.decisions.decide(request) } : live.decisions.decide(request)
        return try call.answer(
            Answer(
                decisions: DecideView(decisions, teller, request: body.request).decisions,
                milliseconds: (start.duration(to: .now) / .milliseconds(1) * 1_000).rounded() / 1_000))
    }

    private struct Answer: Encodable {
        var decisions: [DecisionView]
        var milliseconds: Double
    }

    private static func decisionID(_ call: Call) throws -> DecisionID {
        let text = try call.pathParameter("id")
        guard let id = DecisionID(text) else {
            throw Problem.notFound("'\(text.prefix(64))' is no id of a decision")
        }
        return id
    }

    private static func language(_ call: Call, _ live: LiveWorkspace) -> String {
        call.text("language") ?? live.settings.current.locale
    }

    // MARK: Looking back

    private static func list(_ call: Call) async throws -> Response {
        let live = try call.workspace()
        var search = DecisionSearch()
        search.placement = call.text("placement")
        search.person = call.text("person")
        search.onlyFallbacks = try call.flag("fallback")
        search.days = try call.integer("days", in: 1...3_650) ?? search.days
        search.limit = try call.integer("limit", in: 1...500) ?? search.limit
        let teller = DecisionTeller(live.decisions, language: language(call, live))
        let asked = search
        let found = try await call.parts.queries.run { try live.decisions(asked) }
        return try call.answer(DecisionListView(found, teller))
    }

    // MARK: What came of it

    private static let feedback: APIRoute = {
        var route = APIRoute(
            .post, "/v1/decisions/{id}/feedback", name: "decisionFeedback", group: "Decisions",
            "Say what came of a decision: shown, clicked, or (with a key that may decide) rewarded",
            access: .writeKey, answers: [.nothing("Stored durably")]
        ) { call in
            let id = try decisionID(call)
            let body: OutcomeBody = try await call.json()
            guard let secret = RequestGate.key(call.request.headers) ?? body.writeKey else {
                throw Problem.unauthenticated("a write key is needed, in the header Authorization or as 'writeKey'")
            }
            let key = try admit(call, secret, body.outcome.kind)
            let live = try call.parts.installation.workspace(key.workspace)
            try await live.decisions.record(body.outcome, of: id)
            return call.nothing()
        }
        .taking(.json(feedbackSchema), bytes: 64 << 10).pathParameter("id", "The decision's id")
        .failing(.notFound, .forbidden)
        route.isCrossOrigin = true
        return route
    }()

    /// A public key may say what a browser can know: that something was shown, or clicked. What it was worth is said by
    /// whoever may decide, or by the events that the placement's reward names.
    private static func admit(
        _ call: Call, _ secret: String, _ kind: DecisionService.Outcome.Kind
    ) throws -> AccessKey {
        guard let key = try call.access.key(secret), !key.scopes.isDisjoint(with: [.collect, .decide]) else {
            throw Problem.unauthenticated("this key is not valid here")
        }
        try RequestGate.takeRate(call.parts, caller: key.id, isKnown: true)
        if kind == .rewarded, !key.scopes.contains(.decide) {
            throw Problem.forbidden("rewards need a key with the scope 'decide'; a write key may say shown and clicked")
        }
        return key
    }
}

// MARK: - What they look like

extension DecisionRoutes {
    private static let requestSchema = JSONSchema.object(
        [
            "person": .text(lengths: 0...512), "placement": .text(lengths: 1...64),
            "placements": .list(
                JSONSchema([
                    "anyOf": [
                        JSONSchema.text(lengths: 1...64).json,
                        JSONSchema.object(
                            ["name": .text(lengths: 1...64), "count": .integer(1...100)], optional: ["count"]
                        ).json,
                    ]
                ]), counts: 1...DecideRequest.placesMax),
            "count": .integer(1...100), "context": .map(.any), "language": .oneOf(["en", "ko"]), "log": .boolean,
        ], optional: ["person", "placement", "placements", "count", "context", "language", "log"])

    private static let feedbackSchema = JSONSchema.object(
        [
            "kind": .oneOf(DecisionService.Outcome.Kind.allCases.map(\.rawValue)), "item": .text(lengths: 1...512),
            "items": .list(.text(), counts: 0...200), "reward": .number, "messageId": .text(lengths: 1...128),
            "writeKey": .text(),
        ], optional: ["item", "items", "reward", "messageId", "writeKey"])

    private static let members: [String: JSONSchema] = [
        "id": .text(), "time": .time, "placement": .text(), "kind": .oneOf(Placement.Kind.allCases.map(\.rawValue)),
        "policy": .text(), "policyVersion": .integer, "model": .text(), "modelVersion": .text(),
        "items": .list(
            .object(
                [
                    "item": .text(), "title": .text(), "image": .text(), "url": .text(), "score": .number,
                    "propensity": .number, "source": .text(), "reason": .text(), "why": .text(),
                    "artwork": .object(["id": .text(), "url": .text(), "decision": .text()], optional: ["decision"]),
                ], optional: ["title", "image", "url", "artwork"])),
        "rows": .list(.object(["id": .text(), "title": .text(), "items": .list(.text())])),
        "choice": .object(
            [
                "subject": .text(), "chosen": .text(), "title": .text(), "image": .text(), "url": .text(),
                "probability": .number, "reason": .text(), "why": .text(), "coupon": .text(),
                "actions": .list(.text()), "probabilities": .list(.number),
            ], optional: ["subject", "title", "image", "url", "why", "coupon"]),
        "rules": .list(.text()), "candidates": .integer, "exploring": .boolean,
        "fallback": .oneOf(Fallback.allCases.map(\.rawValue)), "explanation": .text(), "notes": .list(.text()),
    ]
    private static let sometimes: Set<String> = [
        "model", "modelVersion", "rows", "choice", "fallback", "explanation", "notes",
    ]

    /// For the shared parts of the document.
    static let schema = JSONSchema.object(members, optional: sometimes)
    static let withPersonSchema = JSONSchema.object(
        members.merging(["person": .text()]) { $1 }, optional: sometimes)
    static let explanationSchema = JSONSchema.object(
        [
            "decision": .shared("Decision"), "person": .text(), "words": .list(.text()), "reward": .number,
            "feedback": .list(
                .object(
                    ["event": .text(), "time": .time, "items": .list(.text()), "reward": .number],
                    optional: ["reward"])),
        ], optional: ["reward"])
}
