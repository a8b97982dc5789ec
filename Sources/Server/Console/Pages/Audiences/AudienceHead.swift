import Access
import Audiences
import Engine
import Foundation
import HTTPTypes

/// What every page about one audience begins with. An audience in an address is its number, which stays when it is
/// renamed.
struct AudienceHead: Sendable {
    enum Tab: String, CaseIterable {
        case overview, members, versions, export
    }

    let call: PageCall
    let live: LiveWorkspace
    let audience: Audience

    static func load(_ call: PageCall) throws -> AudienceHead {
        let live = try call.workspace()
        let text = try call.pathParameter("id")
        guard let id = Int64(text), let found = try live.audiences.list().first(where: { $0.id == id }) else {
            throw Problem.notFound(
                "there is no audience '\(text.prefix(20))'; it may have been deleted")
        }
        return AudienceHead(call: call, live: live, audience: found)
    }

    func link(_ path: String = "", _ query: KeyValuePairs<String, String?> = [:]) -> String {
        call.link("audiences/\(audience.id)" + (path.isEmpty ? "" : "/" + path), query)
    }

    private func tabs(_ current: Tab) -> Tabs {
        // Members are persons, and an export is a list of them.
        let shown = Tab.allCases.filter { $0 == .overview || $0 == .versions || call.may(.peopleRead) }
        return Tabs(
            audience.name,
            shown.map { tab in
                Tabs.Tab(
                    call.text("audience." + tab.rawValue), href: link(tab == .overview ? "" : tab.rawValue),
                    isCurrent: tab == current, count: tab == .members ? call.format.number(audience.size) : nil)
            })
    }

    func page(
        _ template: String, _ tab: Tab, scripts: [String] = [], status: Int = 200, _ more: PageValue
    ) -> PageAnswer {
        let mayWrite = call.may(.audiencesWrite)
        let isStatic = audience.definition.isStatic
        let deletion = Confirmation(
            id: "delete-audience", action: link("delete"), button: call.text("audience.delete"),
            title: call.text("audience.deleteTitle", ["name": audience.name]),
            text: call.text(isStatic ? "audience.deleteListText" : "audience.deleteText"),
            yes: call.text("audience.delete"))
        let head: PageValue = [
            "name": .text(audience.name), "about": PageValue.orFalse(audience.definition.description),
            "isList": .flag(isStatic), "all": .text(call.link("audiences")),
            "people": call.may(.peopleRead) ? .text(call.link("people", ["audience": audience.name])) : false,
            "edit": mayWrite ? .text(link("edit")) : false, "deletion": mayWrite ? deletion.value : false,
            "tabs": tabs(tab).value,
        ]
        return .page(
            "audiences/" + template, title: audience.name, status: .init(code: status), scripts: scripts,
            PageValue.object(["audience": head]).adding(more))
    }
}

extension PageValue {
    /// A template looks for what is missing in what surrounds it; a flag says that there is none.
    static func orFalse(_ text: String?) -> PageValue { text.flatMap { $0.isEmpty ? nil : .text($0) } ?? false }
}
