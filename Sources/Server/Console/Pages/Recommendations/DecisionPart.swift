import Engine
import Recommendations

/// What was decided, as a part of a page: the items in their order with their reasons, or the action with its chances.
enum DecisionPart {
    static func value(_ decision: Decision, _ teller: DecisionTeller, _ call: PageCall) -> PageValue {
        let view = teller.view(decision)
        let rows = view.rows ?? []
        let byItem = Dictionary(view.items.map { ($0.item, $0) }) { first, _ in first }
        let lists: [(title: String?, items: [DecisionView.Item])] =
            rows.isEmpty ? [(nil, view.items)] : rows.map { ($0.title, $0.items.compactMap { byItem[$0] }) }
        return [
            "fallback": .orFalse(view.explanation), "hasItems": .flag(!view.items.isEmpty),
            "lists": .list(
                lists.filter { !$0.items.isEmpty }.map { list in
                    [
                        "title": .orFalse(list.title),
                        "items": .list(list.items.enumerated().map { item($0.element, $0.offset, call) }),
                    ]
                }),
            "choice": view.choice.map { choice($0, call) } ?? false,
            "notes": .list((view.notes ?? []).map { .text($0) }),
        ]
    }

    private static func item(_ item: DecisionView.Item, _ place: Int, _ call: PageCall) -> PageValue {
        [
            "place": .text(call.format.number(place + 1)), "title": .text(item.title ?? item.item),
            "id": item.title == nil || item.title == item.item ? false : .text(item.item), "why": .text(item.why),
            "score": .text(call.format.number(item.score)),
            "chance": item.propensity < 1 ? .text(call.format.percent(item.propensity)) : false,
            "source": .text(call.text("recommendations.source.\(item.source)")),
            "artwork": .orFalse(item.artwork?.id),
        ]
    }

    private static func choice(_ choice: DecisionView.Choice, _ call: PageCall) -> PageValue {
        [
            "chosen": .text(choice.title ?? choice.chosen),
            "actions": .list(
                zip(choice.actions, choice.probabilities).map { action, probability in
                    [
                        "name": .text(action), "share": .text(call.format.percent(probability)),
                        "isChosen": .flag(action == choice.chosen),
                        "value": .text(String(probability)),
                    ]
                }),
        ]
    }
}
