import Access
import Engine
import Foundation
import People
import Recommendations

/// What a placement would show somebody, without it being learned from.
enum PlacementPreview {
    static func page(_ call: PageCall) async throws -> PageAnswer {
        try await page(call, found: nil)
    }

    /// Finds a person to look as; what is searched for stays out of the address.
    static func find(_ call: PageCall) async throws -> PageAnswer {
        let live = try call.workspace()
        guard let text = call.form["text"] else { return try await page(call, found: []) }
        let found = try await call.parts.queries.run {
            var query = PeopleQuery()
            query.text = String(text.prefix(PeopleQuery.maxTextLength))
            query.limit = 12
            return try live.people.search(query).persons
        }
        return try await page(call, found: found)
    }

    private static func page(_ call: PageCall, found: [PersonSummary]?) async throws -> PageAnswer {
        let live = try call.workspace()
        let stored = try live.placements.placement(try call.pathParameter("name"))
        let placement = stored.placement
        var context = DecisionContext(item: call.query("item"), query: call.query("q"))
        context.cart = call.query("cart")?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
        context.locale = call.language.rawValue
        var person: Profile?
        if let key = call.query("as"), call.may(.peopleRead) {
            person = try await call.parts.queries.run { try PersonHead.person(key, live) }
        }
        await live.decisions.warmUp(milliseconds: 2_000)
        // A request does not wait for it; who looks does.
        if placement.kind == .home { try await call.parts.queries.run { live.guidance.playback.prepare() } }
        let request = DecideRequest(
            person: person?.canonicalID, places: [.init(placement.name)], context: context, isLogged: false)
        let decision = live.decisions.decide(request)[0]
        let teller = DecisionTeller(live.decisions, language: call.language.rawValue)
        let here = "recommendations/placements/\(placement.name)"
        let name = person.map { PersonHead(call: call, live: live, profile: $0).name }
        return RecommendationPages.page(
            .placements, "placement", title: placement.name, call,
            [
                "name": .text(placement.name), "about": .orFalse(placement.description),
                "facts": .list(facts(stored, call)),
                "results": placement.kind.choosesActions || !placement.actions.isEmpty
                    ? .text(call.link(here + "/results")) : false,
                "edit": call.may(.recommendationsWrite) ? .text(call.link(here + "/edit")) : false,
                "decisions": call.may(.eventsRead)
                    ? .text(call.link("recommendations/decisions", ["placement": placement.name])) : false,
                "asName": .text(name ?? call.text("recommendations.nobody")),
                "maySearch": .flag(call.may(.peopleRead)), "find": .text(call.link(here + "/find")),
                "text": .text(call.form["text"] ?? ""), "here": .text(call.link(here)),
                "as": PageValue(call.query("as")), "hasSearched": .flag(found != nil),
                "isNothing": .flag(found?.isEmpty == true),
                "found": .list((found ?? []).map { entry($0, here, call) }),
                "needsItem": .flag([.similar, .next, .artwork].contains(placement.kind)),
                "needsCart": .flag(placement.kind == .cart), "needsQuery": .flag(placement.kind == .search),
                "item": .text(context.item ?? ""), "cart": .text(context.cart.joined(separator: ", ")),
                "query": .text(context.query ?? ""),
                "list": DecisionPart.value(decision, teller, call),
            ])
    }

    private static func entry(_ person: PersonSummary, _ here: String, _ call: PageCall) -> PageValue {
        [
            "name": .text(person.name ?? person.email ?? person.phone ?? call.text("people.anonymous")),
            "note": .text(
                [person.email, person.phone, call.text("person.eventNumber", count: person.events)]
                    .compactMap(\.self).joined(separator: " · ")),
            "href": .text(call.link(here, ["as": person.key])),
        ]
    }

    private static func facts(_ stored: StoredPlacement, _ call: PageCall) -> [PageValue] {
        let placement = stored.placement
        var facts: [(String, String)] = [
            ("kindTitle", call.text("recommendations.kind.\(placement.kind.rawValue)"))
        ]
        if placement.kind.choosesActions || !placement.actions.isEmpty {
            facts.append(("policyTitle", call.text("recommendations.policy.\(placement.policy.kind.rawValue)")))
        } else {
            facts.append(("model", placement.model))
        }
        let rules = placement.ranking.names.map { call.text("recommendations.rule.\($0)") }
        if !rules.isEmpty { facts.append(("rulesTitle", rules.joined(separator: ", "))) }
        facts.append(("rewardTitle", placement.reward?.event ?? call.text("recommendations.clicks")))
        facts.append(("version", call.format.number(stored.version)))
        return facts.map { ["name": .text(call.text("recommendations.\($0.0)")), "value": .text($0.1)] }
    }
}
