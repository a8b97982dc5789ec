import Access
import Engine
import Hummingbird
import Recommendations
import Settings

/// What a placement's policy has brought, and what another one would have.
enum PlacementResultRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .get, "/v1/placements/{name}/results", name: "placementResults", group: "Placements",
            "What choosing for each person brought over showing everybody the first, with intervals",
            access: .scope(.recommendationsRead), answers: [.json(results)]
        ) { call in
            let (name, days) = (try call.pathParameter("name"), try days(call))
            let live = try call.workspace()
            return try call.answer(try await call.parts.queries.run { try live.placementResults(name, days: days) })
        }
        .placementParameter()
        .query("days", .integer(1...PlacementQuestions.daysMax), "Of how many days (default: 28)")
        .sampled("/v1/placements/nothing/results"),
        APIRoute(
            .post, "/v1/placements/{name}/what-if", name: "placementWhatIf", group: "Placements",
            "What another policy would have brought, from the decisions that were made",
            access: .scope(.recommendationsRead), answers: [.json(whatIf)]
        ) { call in
            let body: WhatIfBody = try await call.json()
            let days = body.days ?? standardDays
            guard (1...PlacementQuestions.daysMax).contains(days) else {
                throw Problem.badRequest("must be from 1 to \(PlacementQuestions.daysMax)", field: "days")
            }
            let name = try call.pathParameter("name")
            let live = try call.workspace()
            let korean = (body.language ?? live.settings.current.locale).hasPrefix("ko")
            let answer = try await call.parts.queries.run {
                try live.whatIf(body.policy, at: name, days: days, korean: korean)
            }
            return try call.answer(answer)
        }
        .placementParameter()
        .taking(
            .json(
                .object(
                    [
                        "policy": PlacementRoutes.policy, "days": .integer(1...PlacementQuestions.daysMax),
                        "language": .oneOf(["en", "ko"]),
                    ], optional: ["days", "language"])), bytes: 64 << 10
        )
        .sampled("/v1/placements/nothing/what-if", body: #"{"policy":{"kind":"linUCB"}}"#),
    ]

    private static let standardDays = 28

    private static func days(_ call: Call) throws -> Int {
        try call.integer("days", in: 1...PlacementQuestions.daysMax) ?? standardDays
    }

    private static let interval = JSONSchema.object(["estimate": .number, "low": .number, "high": .number])

    private static let line = JSONSchema.object(
        [
            "subject": .text(), "title": .text(), "trials": .integer, "persons": .integer, "chosen": interval,
            "standard": interval, "lift": interval, "effectiveTrials": .number, "isConclusive": .boolean,
        ], optional: ["subject", "title", "standard", "lift"])

    private static let results = JSONSchema.object(
        [
            "placement": .text(), "policy": .text(), "days": .integer, "overall": line, "subjects": .list(line),
            "learned": .object(["trials": .integer, "rewarded": .integer, "late": .integer]),
        ], optional: ["learned"])

    private static let whatIf = JSONSchema.object(
        [
            "placement": .text(), "days": .integer, "trials": .integer, "actual": .number, "effectiveTrials": .number,
            "meanWeight": .number, "estimates": .list(.object(["estimator": .text(), "value": interval])),
            "shares": .list(.object(["action": .text(), "before": .number, "after": .number])), "refusal": .text(),
            "verdict": .text(),
        ], optional: ["refusal"])
}
