import Access
import Analysis
import Engine
import Foundation
import Insights

/// Dashboards: insights side by side.
enum DashboardPages {
    static let pages = [list, one, create, change, delete]

    private static let list = ConsolePage.get(
        "insights/dashboards", name: "dashboards", in: .insights, access: .scope(.query)
    ) { call in
        let dashboards = try call.workspace().insights.dashboards()
        return .page(
            "insights/dashboards", title: call.text("insights.tab.dashboards"),
            [
                "tabs": InsightPages.tabs(.dashboards, call).value, "mayWrite": .flag(call.may(.insightsWrite)),
                "hasDashboards": .flag(!dashboards.isEmpty), "dashboards": .list(dashboards.map { card($0, call) }),
            ])
    }

    static func card(_ dashboard: Dashboard, _ call: PageCall) -> PageValue {
        [
            "href": .text(call.link("insights/dashboards/\(dashboard.id)")), "name": .text(dashboard.definition.name),
            "text": .text(dashboard.definition.description),
            "tiles": .text(call.text("insights.dashboard.tiles", count: dashboard.definition.tiles.count)),
            "updated": call.format.moment(dashboard.updatedTime),
        ]
    }

    private static let one = ConsolePage.get(
        "insights/dashboards/{id}", name: "dashboard", in: .insights, access: .scope(.query),
        sample: "insights/dashboards/0"
    ) { call in
        let workspace = try call.workspace()
        let dashboard = try workspace.insights.dashboard(call.call.number())
        let isEditing = call.query("edit") != nil && call.may(.insightsWrite)
        let path = "insights/dashboards/\(dashboard.id)"
        let tiles = try await tiles(dashboard, workspace, call, isEditing: isEditing, links: true)
        let value: PageValue = [
            "tiles": .list(tiles), "hasTiles": .flag(!tiles.isEmpty), "isEditing": .flag(isEditing),
            "change": .text(call.link(path + "/change")), "reload": .text(call.link(path)),
            "refresh": dashboard.definition.refreshSeconds.map { .text(String($0)) } ?? false,
        ]
        if call.wantsPart { return .part(template: "insights/grid", value) }
        let insights = isEditing ? try workspace.insights.insights() : []
        let shares = call.may(.insightsWrite) ? try workspace.insights.shares(of: .dashboard(dashboard.id)) : []
        return .page(
            "insights/dashboard", title: dashboard.definition.name, scripts: ["dashboard.js"],
            value.adding([
                "name": .text(dashboard.definition.name), "description": .text(dashboard.definition.description),
                "mayWrite": .flag(call.may(.insightsWrite)), "edit": .text(call.link(path) + "?edit=1"),
                "view": .text(call.link(path)), "share": .text(call.link(path + "/share")),
                "insights": .list(insights.map { ["id": .text(String($0.id)), "name": .text($0.definition.name)] }),
                "hasInsights": .flag(!insights.isEmpty), "ranges": ranges(dashboard, call),
                "refreshes": refreshes(dashboard, call),
                "shares": .list(shares.map { SharePages.row($0, call) }), "hasShares": .flag(!shares.isEmpty),
                "days": SharePages.days(call),
                "delete": Confirmation(
                    id: "delete-dashboard", action: call.link(path + "/delete"), button: call.text("insights.delete"),
                    title: call.text("insights.dashboard.deleteTitle"),
                    text: call.text("insights.dashboard.deleteText", ["name": dashboard.definition.name]),
                    yes: call.text("insights.delete")
                ).value,
            ]))
    }

    // MARK: Tiles

    /// What each tile shows. The questions are asked side by side.
    static func tiles(
        _ dashboard: Dashboard, _ workspace: LiveWorkspace, _ call: PageCall, isEditing: Bool, links: Bool
    ) async throws -> [PageValue] {
        let definition = dashboard.definition
        return try await withThrowingTaskGroup(of: (Int, PageValue).self) { group in
            for (index, tile) in definition.tiles.enumerated() {
                group.addTask {
                    var value = try await content(tile, definition, workspace, call, links: links)
                    value = value.adding(frame(tile, index, definition.tiles.count, isEditing: isEditing, call))
                    return (index, value)
                }
            }
            var tiles: [(Int, PageValue)] = []
            for try await tile in group { tiles.append(tile) }
            return tiles.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private static func content(
        _ tile: DashboardTile, _ definition: DashboardDefinition, _ workspace: LiveWorkspace, _ call: PageCall,
        links: Bool
    ) async throws -> PageValue {
        switch tile.content {
        case .text(let text): return textTile(text)
        case .insight(let id):
            let insight = try workspace.insights.insight(id)
            let query = definition.applied(to: insight.definition.query)
            let question = try InsightQuestion(query)
            var value: PageValue
            do {
                let answer = try await InsightAnswer.ask(query, workspace, call.parts)
                // Who comes by a link sees numbers, but neither people nor what colleagues have noted.
                let setting = try call.reportSetting(
                    peopleBase: links ? question.link(call, "people") : nil, links ? workspace : nil)
                value = InsightPresentation(answer, call, setting).tile(
                    isTable: insight.definition.view == .table, columns: tile.width
                )
                .adding(["mistake": false])
            } catch let error as QueryError {
                value = ["mistake": .text(error.message), "figures": [], "tables": [], "summary": "", "time": ""]
            }
            if !links { value["time"] = "" }
            return value.adding([
                "isText": false, "name": .text(insight.definition.name),
                "href": links ? .text(question.link(call) + "&insight=\(id)") : false,
            ])
        }
    }

    /// A line that begins with `#` is a heading.
    private static func textTile(_ text: String) -> PageValue {
        let lines = text.split(separator: "\n").map { line -> PageValue in
            let isHeading = line.first == "#"
            let words = line.drop { $0 == "#" }.drop { $0 == " " }
            return ["isHeading": .flag(isHeading), "text": .text(String(words))]
        }
        return [
            "isText": true, "lines": .list(lines), "name": "", "href": false, "mistake": false, "figures": [],
            "tables": [], "summary": "", "time": "",
        ]
    }

    private static func frame(
        _ tile: DashboardTile, _ index: Int, _ count: Int, isEditing: Bool, _ call: PageCall
    ) -> PageValue {
        func sizes(_ range: ClosedRange<Int>, _ current: Int) -> PageValue {
            .list(range.map { ["value": .text(String($0)), "isChosen": .flag($0 == current)] })
        }
        return [
            "width": .text(String(tile.width)), "height": .text(String(tile.height)), "index": .text(String(index)),
            "number": .text(String(index + 1)),
            "isEditing": .flag(isEditing), "up": index > 0 ? .text("\(index).\(index - 1)") : false,
            "down": index + 1 < count ? .text("\(index).\(index + 1)") : false,
            "widths": sizes(DashboardTile.widths, tile.width), "heights": sizes(DashboardTile.heights, tile.height),
        ]
    }

    private static func ranges(_ dashboard: Dashboard, _ call: PageCall) -> PageValue {
        let from = dashboard.definition.from?.description
        var options: [(value: String, text: String)] = [("", call.text("insights.dashboard.ownRange"))]
        for days in [7, 28, 90, 365] {
            options.append(("-\(days - 1)d", call.text("range.\(days)d")))
        }
        if let from, !options.contains(where: { $0.value == from }) { options.append((from, from)) }
        return .list(
            options.map {
                ["value": .text($0.value), "text": .text($0.text), "isChosen": .flag($0.value == from ?? "")]
            })
    }

    private static func refreshes(_ dashboard: Dashboard, _ call: PageCall) -> PageValue {
        let current = dashboard.definition.refreshSeconds
        var choices: [Int?] = [nil, 30, 60, 300, 900, 3_600]
        if !choices.contains(current) { choices.append(current) }
        return .list(
            choices.map { seconds in
                [
                    "value": .text(seconds.map { String($0) } ?? ""),
                    "text": .text(
                        seconds.map { call.format.duration(seconds: Double($0)) }
                            ?? call.text("insights.dashboard.noRefresh")),
                    "isChosen": .flag(seconds == current),
                ]
            })
    }

    // MARK: Changes

    private static let create = ConsolePage.post(
        "insights/dashboards", name: "dashboard.create", in: .insights, access: .scope(.insightsWrite)
    ) { call in
        guard let name = call.form["name"], name.count <= InsightDefinition.nameLength else {
            return .redirect(
                "insights/dashboards", flash: Flash(kind: .warning, text: call.text("insights.nameMissing")))
        }
        let made = try call.workspace().insights.create(DashboardDefinition(name), owner: call.call.owner)
        try call.call.note("dashboard.created", "\(made.id)", name)
        return .redirect("insights/dashboards/\(made.id)?edit=1", saying: call.text("insights.dashboard.made"))
    }

    private static let change = ConsolePage.post(
        "insights/dashboards/{id}/change", name: "dashboard.change", in: .insights, access: .scope(.insightsWrite),
        sample: "insights/dashboards/0/change"
    ) { call in
        let id = try call.call.number()
        let form = call.form
        let changed = try call.workspace().insights.change(dashboard: id) { try apply(form, to: &$0) }
        try call.call.note("dashboard.changed", "\(id)", changed.definition.name)
        return .redirect("insights/dashboards/\(id)?edit=1", flash: nil)
    }

    /// Does what one of the forms asks.
    private static func apply(_ form: FormValues, to definition: inout DashboardDefinition) throws {
        if let index = form["tile"].flatMap({ Int($0) }), definition.tiles.indices.contains(index) {
            if let width = form["width"].flatMap({ Int($0) }), DashboardTile.widths.contains(width) {
                definition.tiles[index].width = width
            }
            if let height = form["height"].flatMap({ Int($0) }), DashboardTile.heights.contains(height) {
                definition.tiles[index].height = height
            }
        }
        if let move = form["move"]?.split(separator: ".").compactMap({ Int($0) }), move.count == 2,
            definition.tiles.indices.contains(move[0]), definition.tiles.indices.contains(move[1])
        {
            definition.tiles.insert(definition.tiles.remove(at: move[0]), at: move[1])
        }
        if let index = form["remove"].flatMap({ Int($0) }), definition.tiles.indices.contains(index) {
            definition.tiles.remove(at: index)
        }
        if let insight = form["add"].flatMap({ Int64($0) }) {
            definition.tiles.append(DashboardTile(.insight(insight)))
        }
        if let text = form["text"], text.count <= DashboardTile.textLength {
            definition.tiles.append(DashboardTile(.text(text), width: 12, height: 1))
        }
        guard form.has("settings") else { return }
        if let name = form["name"], name.count <= InsightDefinition.nameLength { definition.name = name }
        definition.description = String((form["description"] ?? "").prefix(InsightDefinition.descriptionLength))
        let from = form["range"].flatMap { DayPoint($0) }
        // Chosen days of an API's definition stay until others are chosen.
        if from?.description != definition.from?.description {
            definition.from = from
            definition.to = from == nil ? nil : DayPoint("0d")
        }
        definition.refreshSeconds = form["refresh"].flatMap { Int($0) }.flatMap {
            DashboardDefinition.refreshRange.contains($0) ? $0 : nil
        }
    }

    private static let delete = ConsolePage.post(
        "insights/dashboards/{id}/delete", name: "dashboard.delete", in: .insights, access: .scope(.insightsWrite),
        sample: "insights/dashboards/0/delete"
    ) { call in
        let id = try call.call.number()
        let dashboard = try call.workspace().insights.dashboard(id)
        try call.workspace().insights.deleteDashboard(id)
        try call.call.note("dashboard.deleted", "\(id)", dashboard.definition.name)
        return .redirect(
            "insights/dashboards", saying: call.text("insights.deleted", ["name": dashboard.definition.name]))
    }
}
