import HTTPTypes

/// Every page of the console. A further capability adds its own here, and a `NavigationItem` when it needs one.
package enum ConsolePages {
    package static let all: [ConsolePage] = [
        SignInPages.pages,
        HomePages.pages,
        LivePages.pages,
        IntentPages.pages,
        PeoplePages.pages,
        InsightPages.pages,
        ContentPages.pages,
        AudiencePages.pages,
        ItemPages.pages,
        RecommendationPages.pages,
        DataPages.pages,
        SettingsPages.pages,
    ].flatMap(\.self)

    /// What the navigation leads to: the page whose path is the item's.
    private static let main: [NavigationItem: ConsolePage] = {
        let pages = all.filter { $0.method == .get }
        return NavigationItem.allCases.reduce(into: [:]) { result, item in
            result[item] = pages.first { $0.path == "/w/{workspace}/\(item.path)" }
        }
    }()

    /// Whether there is such a page and the reader may see it.
    static func isOpen(_ item: NavigationItem, to call: PageCall) -> Bool {
        guard let page = main[item] else { return false }
        if case .scope(let scope) = page.access { return call.may(scope) }
        return true
    }
}
