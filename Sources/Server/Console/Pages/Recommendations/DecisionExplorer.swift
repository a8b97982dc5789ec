import Access
import Engine
import EventLog
import People
import Recommendations

/// What was decided lately, and one decision in full.
enum DecisionExplorer {
    private static let limit = 100

    static func page(_ call: PageCall) async throws -> PageAnswer {
        guard call.may(.eventsRead) else { throw Problem.forbidden("this needs the scope 'events:read'") }
        let live = try call.workspace()
        var search = DecisionSearch()
        search.placement = call.query("placement")
        search.onlyFallbacks = call.query("fallback") != nil
        search.limit = limit
        let asked = search
        let (found, keys) = try await call.parts.queries.run {
            let found = try live.decisions(asked)
            var keys: [String: (key: String, name: String?)] = [:]
            for person in Set(found.decisions.compactMap(\.person)) {
                if let profile = try live.people.profile(of: person) { keys[person] = (profile.key, profile.name) }
            }
            return (found, keys)
        }
        let names = Set(live.placements.all.map(\.placement.name)).union(found.decisions.map(\.placement))
        let rows: [[DataTable.Cell]] = found.decisions.map { decision in
            let who = decision.person.flatMap { keys[$0] }
            let shownName = call.may(.peopleRead) ? who?.name ?? who?.key ?? "–" : "–"
            return [
                DataTable.Cell(
                    call.format.dateTime(decision.time, seconds: true),
                    href: call.link("recommendations/decisions/\(decision.id)")),
                DataTable.Cell(decision.placement),
                DataTable.Cell(
                    shownName, href: call.may(.peopleRead) ? who.map { call.link("people/\($0.key)") } : nil),
                DataTable.Cell(summary(decision, call)),
                DataTable.Cell(
                    decision.fallback.map { $0.text(korean: call.language == .korean) } ?? "",
                    chip: nil),
            ]
        }
        let table = DataTable(
            call.text("recommendations.decisions"),
            columns: [
                .init(call.text("recommendations.when")), .init(call.text("recommendations.placement")),
                .init(call.text("recommendations.who")), .init(call.text("recommendations.shown")),
                .init(call.text("recommendations.fallback")),
            ], rows: rows)
        return RecommendationPages.page(
            .decisions, "decisions", call,
            [
                "filter": FormField(
                    .select(
                        [.init("", call.text("recommendations.all"))] + names.sorted().map { .init($0, $0) }),
                    "placement", call.text("recommendations.placement"), value: search.placement
                ).value,
                "onlyFallbacks": FormField(
                    .check, "fallback", call.text("recommendations.onlyFallbacks"),
                    value: search.onlyFallbacks ? "true" : nil
                ).value,
                "summary": .text(call.text("recommendations.found", count: found.matched)),
                "table": rows.isEmpty ? false : table.value,
                "empty": rows.isEmpty
                    ? EmptyState(
                        icon: "history", title: call.text("recommendations.noDecisions"),
                        text: call.text("recommendations.noDecisionsText")
                    ).value : false,
            ])
    }

    private static func summary(_ decision: Decision, _ call: PageCall) -> String {
        if let choice = decision.choice {
            return [choice.subject, choice.chosen].compactMap(\.self).joined(separator: " · ")
        }
        let first = decision.items.prefix(3).map(\.item).joined(separator: ", ")
        return decision.items.count > 3 ? first + " …" : first
    }

    static func one(_ call: PageCall) async throws -> PageAnswer {
        guard call.may(.eventsRead) else { throw Problem.forbidden("this needs the scope 'events:read'") }
        let text = try call.pathParameter("id")
        guard let id = DecisionID(text) else { throw Problem.notFound("'\(text.prefix(64))' is no id of a decision") }
        let live = try call.workspace()
        let (explained, person) = try await call.parts.queries.run {
            let explained = try live.decisions.explanation(of: id)
            return (explained, try live.people.profile(of: explained.person))
        }
        let teller = DecisionTeller(live.decisions, language: call.language.rawValue)
        let view = DecisionExplanationView(explained, teller)
        let decision = explained.decision
        let mayName = call.may(.peopleRead)
        return RecommendationPages.page(
            .decisions, "decision", title: call.text("recommendations.decision"), call,
            [
                "placement": .text(decision.placement),
                "when": .text(call.format.dateTime(decision.time, seconds: true)),
                "who": mayName ? .text(person?.name ?? person?.key ?? "–") : "–",
                "whoLink": mayName ? person.map { .text(call.link("people/\($0.key)")) } ?? false : false,
                "back": .text(call.link("recommendations/decisions")),
                "id": .text(decision.id.description),
                "words": .list(
                    view.words.filter { sentence in !sentence.prefix(3).contains(".") || decision.items.isEmpty }
                        .map { .text($0) }),
                "candidates": .text(call.format.number(decision.candidates)),
                "list": DecisionPart.value(decision, teller, call),
                "reward": .orFalse(explained.reward.map { call.format.number($0) }),
                "hasFeedback": .flag(!view.feedback.isEmpty),
                "feedback": .list(
                    explained.feedback.map { feedback in
                        [
                            "event": .text(feedback.event.name),
                            "when": .text(call.format.dateTime(feedback.event.time, seconds: true)),
                            "reward": .orFalse(feedback.reward.map { call.format.number($0) }),
                        ]
                    }),
            ])
    }
}
