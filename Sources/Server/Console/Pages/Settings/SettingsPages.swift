import Access
import Engine
import HTTPTypes
import Settings

/// The workspace, who works in it, and what has been changed.
enum SettingsPages {
    static let pages: [ConsolePage] =
        WorkspacePages.pages + MemberPages.pages + KeyPages.pages + AuditPages.pages + StoragePages.pages
        + AccountPages.pages + AboutPages.pages

    enum Tab: String, CaseIterable {
        case workspace, members, keys, audit, storage, account, about

        var scope: Scope? {
            switch self {
            case .workspace, .storage: .query
            case .members: .usersManage
            case .keys: .keysManage
            case .audit: .auditRead
            case .account, .about: nil
            }
        }

        var path: String { self == .workspace ? "settings" : "settings/" + rawValue }
    }

    /// A page of the settings, with the way to the others.
    static func page(
        _ tab: Tab, _ template: String, status: HTTPResponse.Status = .ok, _ call: PageCall, _ value: PageValue
    ) -> PageAnswer {
        let tabs = Tab.allCases.filter { $0.scope.map(call.may) ?? true }.map { one in
            Tabs.Tab(call.text("settings." + one.rawValue), href: call.link(one.path), isCurrent: one == tab)
        }
        return .page(
            "settings/" + template, title: call.text("settings." + tab.rawValue), status: status,
            PageValue.object(["tabs": Tabs(call.text("settings.tabs"), tabs).value]).adding(value))
    }
}
