import Access
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Settings

/// What surrounds a page: navigation, search, workspaces, the reader's own menu.
struct Layout {
    var page: Page
    var place: NavigationItem?
    var call: PageCall

    /// The layout of a page that is shown to whoever was not let in.
    static func outside(_ page: Page, _ language: Language, _ files: ConsoleFiles, _ request: Request) -> PageValue {
        [
            "language": .text(language.rawValue), "assets": .text("/assets/" + files.revision),
            "root": "", "workspace": "", "csrf": nil, "here": .text(request.uri.string), "navigation": nil,
            "documentTitle": .text(page.title + " · Dangol"), "scripts": [], "flash": nil,
            "theme": theme(request.headers),
            "languages": languages(language), "themes": [],
        ]
    }

    func value(content: String) -> PageValue {
        let title = call.settings.title ?? call.workspaceName
        let isInside = page.hasNavigation && call.user != nil
        let flash = ConsoleCookie.flash.read(call.request.headers).flatMap { Flash(coded: $0) }
        return [
            "content": .html(content),
            "documentTitle": .text(
                [page.title, isInside ? title : nil, "Dangol"].compactMap(\.self).joined(separator: " · ")),
            "scripts": .list(page.scripts.map { .text($0) }),
            "flash": flash.map {
                ["text": .text($0.text), "kind": .text($0.kind.rawValue), "isWarning": .flag($0.kind == .warning)]
            } ?? nil,
            "theme": Layout.theme(call.request.headers),
            "languages": Layout.languages(call.language),
            "themes": themes,
            "navigation": isInside ? navigation(title) : nil,
        ]
    }

    private func navigation(_ title: String) -> PageValue {
        let user = call.user
        let items = NavigationItem.allCases.filter { ConsolePages.isOpen($0, to: call) }
        return [
            "items": .list(
                items.map { item in
                    [
                        "text": .text(call.text(item.textKey)), "href": .text(call.link(item.path)),
                        "icon": .text(item.icon), "isCurrent": .flag(item == place),
                        "isApart": .flag(item == .settings),
                    ]
                }),
            "title": .text(title),
            "initial": .text(String(title.prefix(1)).uppercased()),
            "workspaces": .list(workspaces),
            "hasSeveral": .flag(workspaces.count > 1),
            "userName": .text(user?.name ?? ""), "userEmail": .text(user?.email ?? ""),
            "userInitial": .text(String((user?.name ?? "?").prefix(1)).uppercased()),
            "role": .text(user?.role(in: call.workspaceName).map { call.text("role." + $0.rawValue) } ?? ""),
            "search": .flag(call.may(.peopleRead)),
        ]
    }

    private var workspaces: [PageValue] {
        let installation = call.parts.installation
        return installation.workspaceNames.filter { call.call.principal?.reaches($0) ?? false }.map { name in
            let title = (try? installation.workspace(name).settings.current.title) ?? name
            return [
                "name": .text(title), "initial": .text(String(title.prefix(1)).uppercased()),
                "href": .text("/w/\(PageCall.escape(name))/home"), "isCurrent": .flag(name == call.workspaceName),
            ]
        }
    }

    private static func languages(_ current: Language) -> PageValue {
        .list(
            Language.allCases.map { language in
                [
                    "code": .text(language.rawValue), "name": .text(language.ownName),
                    "isCurrent": .flag(language == current),
                ]
            })
    }

    private static func theme(_ headers: HTTPFields) -> PageValue {
        let theme = ConsoleCookie.theme.read(headers).flatMap { Theme(rawValue: $0) }
        return theme == .system ? nil : PageValue(theme?.rawValue)
    }

    private var themes: PageValue {
        let current = ConsoleCookie.theme.read(call.request.headers).flatMap { Theme(rawValue: $0) } ?? .system
        return .list(
            Theme.allCases.map { theme in
                [
                    "code": .text(theme.rawValue), "name": .text(call.text("theme." + theme.rawValue)),
                    "icon": .text("theme-" + theme.rawValue), "isCurrent": .flag(theme == current),
                ]
            })
    }
}
