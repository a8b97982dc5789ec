import DemoWorld
import EventLog
import Lifecycle
import Recommendations

/// Decisions of the engine as what they do to the people of a demonstration: who is shown something sees it.
enum DemoDecisions {
    private static let offerMilliseconds: Int64 = 7 * 86_400_000

    /// Decisions only.
    static let selection = TailSelection(events: { $0 == Vocabulary.decisionMade }) { _, _ in true }

    /// Nil for an event that is no decision, or one that shows nothing.
    ///
    /// - Parameter time: milliseconds UTC, by the world's clock.
    static func action(_ event: Event, at time: Int64) -> WorldAction? {
        guard event.name == Vocabulary.decisionMade else { return nil }
        if let chosen = event.text("chosen").flatMap(MomentAction.init(rawValue:)) {
            return action(chosen, cost: event.number("context.cost") ?? 0, at: time)
        }
        guard let decision = Decision(event) else { return nil }
        if let choice = decision.choice, let item = choice.subject {
            return .artwork(item: item, artwork: choice.chosen, position: 0)
        }
        // Of a page the first row: that is what people look at.
        let shown = decision.rows.first.map { Array(decision.items[$0.items]) } ?? decision.items
        if shown.isEmpty { return nil }
        return .recommendations(placement: decision.placement, items: shown.map(\.item))
    }

    private static func action(_ moment: MomentAction, cost: Double, at time: Int64) -> WorldAction? {
        switch moment {
        case .nothing: nil
        case .reassurance, .guide: .help(topic: moment.rawValue)
        case .coupon:
            .offer(
                WorldAction.Offer(
                    code: "MOMENT", amount: Int(min(max(cost, 0), 1_000_000)), expires: time + offerMilliseconds))
        }
    }
}
