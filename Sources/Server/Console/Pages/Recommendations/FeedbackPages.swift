import Access
import Engine
import Recommendations

/// What events say about items: which property names the item, and how much each kind of feedback counts.
enum FeedbackPages {
    /// Empty lines below those that there are, for further events.
    private static let spareRows = 3

    static func page(_ call: PageCall) async throws -> PageAnswer {
        let live = try call.workspace()
        let settings = try await call.parts.queries.run { try live.decisions.feedback() }
        return page(settings, isSet: live.placements.feedback != nil, call)
    }

    static func save(_ call: PageCall) async throws -> PageAnswer {
        if call.form.has("reset") {
            try RecommendationRoutes.setFeedback(nil, call.call)
            return .redirect("recommendations/settings", saying: call.text("recommendations.feedbackReset"))
        }
        let live = try call.workspace()
        let known = try await call.parts.queries.run { try live.decisions.feedback() }
        var settings = FeedbackSettings()
        settings.group = call.form["group"]
        var error: String?
        for row in 0..<100 {
            guard let event = call.form["event.\(row)"] else { continue }
            var rule = FeedbackRule(
                event: event, item: call.form["item.\(row)"] ?? "",
                kind: call.form["kind.\(row)"].flatMap { FeedbackKind(rawValue: $0) } ?? .view)
            // A strength of its own, which the form does not show, stays with the event.
            rule.strength = known.events.first { $0.event == event && $0.kind == rule.kind }?.strength
            if rule.item.isEmpty { error = call.text("recommendations.wrong.item", ["event": event]) }
            if settings.events.contains(where: { $0.event == event }) {
                error = call.text("recommendations.wrong.twice", ["event": event])
            }
            rule.value = call.form["value.\(row)"]
            if rule.value != nil, let best = call.form["outOf.\(row)"].flatMap({ Double($0) }), best > 0 {
                rule.outOf = best
            }
            if rule.value != nil { rule.dismissedBelow = call.form["below.\(row)"].flatMap { Double($0) } }
            settings.events.append(rule)
        }
        for kind in FeedbackKind.allCases where kind != .dismissed {
            guard let text = call.form["strength.\(kind.rawValue)"] else { continue }
            guard let strength = Double(text), strength > 0, strength <= 1_000 else {
                error = call.text("recommendations.wrong.strength")
                continue
            }
            if strength != kind.standardStrength { settings.strengths[kind] = strength }
        }
        if let error { return page(settings, isSet: true, call, error: error) }
        try RecommendationRoutes.setFeedback(settings, call.call)
        return .redirect("recommendations/settings", saying: call.text("recommendations.feedbackSaved"))
    }

    private static func page(
        _ settings: FeedbackSettings, isSet: Bool, _ call: PageCall, error: String? = nil
    ) -> PageAnswer {
        let mayWrite = call.may(.recommendationsWrite)
        let rows = settings.events.map(Optional.some) + [FeedbackRule?](repeating: nil, count: mayWrite ? spareRows : 0)
        return RecommendationPages.page(
            .settings, "settings", status: error == nil ? 200 : 422, call,
            [
                "isSet": .flag(isSet), "error": PageValue(error), "mayWrite": .flag(mayWrite),
                "isLocked": .flag(!mayWrite), "action": .text(call.link("recommendations/settings")),
                "events": .text(call.link("insights/names/events")), "group": .text(settings.group ?? ""),
                "rows": .list(rows.enumerated().map { row($0.element, $0.offset, call) }),
                "strengths": .list(
                    FeedbackKind.allCases.filter { $0 != .dismissed }.map { kind in
                        [
                            "name": .text("strength.\(kind.rawValue)"),
                            "label": .text(call.text("recommendations.feedback.\(kind.rawValue)")),
                            "value": .text(text(settings.strength(kind))),
                        ]
                    }),
            ])
    }

    private static func row(_ rule: FeedbackRule?, _ number: Int, _ call: PageCall) -> PageValue {
        [
            "row": .text(String(number)), "number": .text(call.format.number(number + 1)),
            "event": .text(rule?.event ?? ""), "item": .text(rule?.item ?? ""), "value": .text(rule?.value ?? ""),
            "outOf": .text(rule?.value == nil ? "" : text(rule?.outOf ?? 1)),
            "below": .text(rule?.dismissedBelow.map(text) ?? ""),
            "kinds": .list(
                FeedbackKind.allCases.map { kind in
                    [
                        "value": .text(kind.rawValue), "isChosen": .flag(kind == (rule?.kind ?? .detail)),
                        "text": .text(call.text("recommendations.feedback.\(kind.rawValue)")),
                    ]
                }),
        ]
    }

    private static func text(_ number: Double) -> String {
        number == number.rounded() ? String(Int(number)) : String(number)
    }
}
