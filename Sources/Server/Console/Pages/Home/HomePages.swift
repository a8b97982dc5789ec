import Access
import Engine
import HTTPTypes
import HummingbirdCore

/// The loop at a glance.
enum HomePages {
    static let pages: [ConsolePage] = [
        .get("home", name: "home", in: .home, access: .scope(.query)) { call in
            let context = try await HomeContext.read(call)
            let greeting = call.text("home.title")
            guard context.hasEvents else {
                return .page("home/first", title: greeting, ["steps": FirstSteps.value(call)])
            }
            var cards: [PageValue] = []
            for card in HomeCards.all where call.may(card.scope) {
                guard let value = try await card.make(context) else { continue }
                let text = try call.render(card.template, value)
                cards.append(["html": .html(text), "place": .text(card.place.rawValue)])
            }
            return .page(
                "home/home", title: greeting,
                [
                    "range": RangePicker(context.range, path: "home", call).value, "cards": .list(cards),
                    "period": .text(context.periodText),
                ])
        }
    ]
}

/// What one card on the home page shows. A capability adds its own to `HomeCards.all`.
struct HomeCard: Sendable {
    enum Place: String, Sendable {
        /// As wide as the page.
        case whole
        /// Two thirds of it.
        case main = "two-thirds"
        /// Beside two of those.
        case side = "third"
    }

    /// Who sees it.
    var scope: Scope
    /// A template of `templates/home`.
    var template: String
    var place = Place.main
    /// Nil when there is nothing to show.
    var make: @Sendable (HomeContext) async throws -> PageValue?
}

enum HomeCards {
    static let all: [HomeCard] = [
        ActivityCards.metrics,
        AttentionCard.card,
        ActivityCards.people,
        ActivityCards.names,
        ActivityCards.events,
    ]
}

/// What stands on the page of a workspace without events: how they come.
enum FirstSteps {
    static func value(_ call: PageCall) -> PageValue {
        let origin = call.parts.settings.publicURL ?? "http://" + (call.request.head.authority ?? "localhost:8090")
        return [
            "script": .text(
                """
                <script src="\(origin)/dangol.js" data-key="YOUR_WRITE_KEY" async></script>
                """),
            "import": .text("dangol import events.jsonl --server \(origin) --key YOUR_API_KEY"),
            "mayMakeKeys": .flag(call.may(.keysManage)), "mayWatch": .flag(call.may(.eventsRead)),
        ]
    }
}
