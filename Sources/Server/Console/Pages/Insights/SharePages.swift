import Access
import Analysis
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Insights

/// Links that show one insight or one dashboard to people without an account, and the page that they lead to.
enum SharePages {
    static let pages = [shareDashboard, shareInsight, revoke, open]

    private static let shareDashboard = ConsolePage.post(
        "insights/dashboards/{id}/share", name: "dashboard.share", in: .insights, access: .scope(.insightsWrite),
        sample: "insights/dashboards/0/share"
    ) { call in
        let id = try call.call.number()
        let name = try call.workspace().insights.dashboard(id).definition.name
        return try share(.dashboard(id), name, back: call.link("insights/dashboards/\(id)"), call)
    }

    private static let shareInsight = ConsolePage.post(
        "insights/saved/{id}/share", name: "insight.share", in: .insights, access: .scope(.insightsWrite),
        sample: "insights/saved/0/share"
    ) { call in
        let id = try call.call.number()
        let name = try call.workspace().insights.insight(id).definition.name
        return try share(.insight(id), name, back: call.link("insights/saved/\(id)"), call)
    }

    /// Makes the link and shows it: this once, because only its digest is kept.
    private static func share(_ target: Share.Target, _ name: String, back: String, _ call: PageCall) throws
        -> PageAnswer
    {
        let days = call.form["days"].flatMap { Int($0) } ?? ShareRequest.standardDays
        let (share, path) = try call.call.makeShare(target, days: days)
        let host = call.request.head.authority ?? ""
        let scheme = call.parts.settings.isSecure ? "https" : "http"
        return .page(
            "insights/shared", title: call.text("insights.share.title"),
            [
                "name": .text(name), "address": .text(host.isEmpty ? path : "\(scheme)://\(host)\(path)"),
                "path": .text(path),
                "until": .text(call.format.date(share.expiresTime)), "back": .text(back),
            ])
    }

    static func row(_ share: Share, _ call: PageCall) -> PageValue {
        let isOpen = share.isOpen(at: call.now)
        return [
            "created": .text(call.format.date(share.createdTime)),
            "expires": .text(call.format.date(share.expiresTime)),
            "owner": .text(share.owner), "isOpen": .flag(isOpen),
            "state": .text(
                call.text(
                    share.revokedTime != nil
                        ? "insights.share.revoked" : isOpen ? "insights.share.open" : "insights.share.expired")),
            "revoke": .text(call.link("insights/shares/\(share.id)/revoke")),
        ]
    }

    /// How long a link may work.
    static func days(_ call: PageCall) -> PageValue {
        .list(
            [1, 7, 30, 90, 365].map { days in
                [
                    "value": .text(String(days)), "text": .text(call.text("insights.days", ["count": String(days)])),
                    "isChosen": .flag(days == ShareRequest.standardDays),
                ]
            })
    }

    private static let revoke = ConsolePage.post(
        "insights/shares/{id}/revoke", name: "share.revoke", in: .insights, access: .scope(.insightsWrite),
        sample: "insights/shares/0/revoke"
    ) { call in
        let share = try call.workspace().insights.revokeShare(call.call.number())
        try call.call.note("share.revoked", "\(share.id)")
        let path =
            switch share.target {
            case .insight(let id): "insights/saved/\(id)"
            case .dashboard(let id): "insights/dashboards/\(id)"
            }
        return .redirect(path, saying: call.text("insights.share.nowRevoked"))
    }

    // MARK: The page that a link leads to

    /// Shows what was shared and nothing else: no navigation, no names of people, no way to ask anything.
    private static let open = ConsolePage.outside(.get, "/share/{workspace}/{token}", name: "shared", access: .open) {
        call in
        guard let workspace = try? call.parts.installation.workspace(call.pathParameter("workspace")) else {
            throw Problem.notFound("there is no such link")
        }
        let share = try workspace.insights.open(call.pathParameter("token"))
        let dashboard: Dashboard
        switch share.target {
        case .dashboard(let id): dashboard = try workspace.insights.dashboard(id)
        case .insight(let id):
            let insight = try workspace.insights.insight(id)
            dashboard = Dashboard(
                id: 0,
                definition: DashboardDefinition(
                    insight.definition.name, description: insight.definition.description,
                    tiles: [DashboardTile(.insight(id), width: 12, height: 3)]), owner: insight.owner,
                createdTime: insight.createdTime, updatedTime: insight.updatedTime)
        }
        let tiles = try await DashboardPages.tiles(dashboard, workspace, call, isEditing: false, links: false)
        var page = Page(
            template: "insights/public", title: dashboard.definition.name, scripts: ["dashboard.js"],
            value: [
                "name": .text(dashboard.definition.name), "description": .text(dashboard.definition.description),
                "tiles": .list(tiles), "hasTiles": .flag(!tiles.isEmpty), "isEditing": false, "change": "",
                "reload": .text(call.request.uri.string),
                "refresh": dashboard.definition.refreshSeconds.map { .text(String($0)) } ?? false,
                "until": .text(call.format.date(share.expiresTime)),
            ])
        page.hasNavigation = false
        if call.wantsPart { return .part(template: "insights/grid", page.value) }
        return .page(page)
    }
}
