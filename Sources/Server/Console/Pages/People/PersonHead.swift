import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import People

/// What every page about one person begins with: who it is, and the way to the other pages.
struct PersonHead: Sendable {
    enum Tab: String, CaseIterable {
        case timeline, identities, audiences, consent
    }

    let call: PageCall
    let live: LiveWorkspace
    let profile: Profile

    /// - Throws: `Problem` of status 404 when nobody has the key.
    static func load(_ call: PageCall) async throws -> PersonHead {
        let key = try call.pathParameter("key")
        let live = try call.workspace()
        let profile = try await call.parts.queries.run { try person(key, live) }
        return PersonHead(call: call, live: live, profile: profile)
    }

    /// Only keys: an address must not hold an id, which may be an e-mail address.
    static func person(_ key: String, _ live: LiveWorkspace) throws -> Profile {
        guard key.hasPrefix("p_"), let profile = try live.people.profile(of: key) else {
            throw Problem.notFound("there is no person with the key '\(key.prefix(40))'; they may have been deleted")
        }
        return profile
    }

    var name: String {
        profile.name ?? first(.email) ?? first(.phone)
            ?? call.text(profile.isIdentified ? "people.unnamed" : "people.anonymous")
    }

    private func first(_ kind: Address.Kind) -> String? { profile.addresses.first { $0.kind == kind }?.value }

    func link(_ path: String = "", _ query: KeyValuePairs<String, String?> = [:]) -> String {
        call.link("people/\(profile.key)" + (path.isEmpty ? "" : "/" + path), query)
    }

    func tabs(_ current: Tab) -> Tabs {
        let shown = Tab.allCases.filter { $0 != .audiences || call.may(.audiencesRead) }
        return Tabs(
            call.text("person.tabs"),
            shown.map { tab in
                let count = tab == .identities ? profile.identities.count : nil
                return Tabs.Tab(
                    call.text("person." + tab.rawValue), href: link(tab == .timeline ? "" : tab.rawValue),
                    isCurrent: tab == current, count: count.map { call.format.number($0) })
            })
    }

    /// The values that every template about a person takes.
    func value(_ current: Tab?, _ more: PageValue) -> PageValue {
        let visit = profile.visit
        var facts: [PageValue] = []
        func fact(_ key: String, _ value: String?) {
            guard let value else { return }
            facts.append(["name": .text(call.text("person." + key)), "value": .text(value)])
        }
        fact("email", first(.email))
        fact("phone", first(.phone))
        fact("firstSeen", visit.firstTime == .max ? nil : call.format.dateTime(visit.firstTime))
        fact("lastSeen", visit.lastTime == .min ? nil : call.format.relative(visit.lastTime))
        fact("eventCount", call.format.number(visit.events))
        fact("key", profile.key)
        let head: PageValue = [
            "name": .text(name), "initial": .text(String(name.prefix(1)).uppercased()),
            "role": .text(call.text("people.role." + profile.role.rawValue)),
            "isPartner": .flag(profile.role == .partner), "isKnown": .flag(profile.isIdentified),
            "facts": .list(facts), "tabs": current.map { tabs($0).value } ?? false,
            "people": .text(call.link("people")), "home": .text(link()),
            "mergeLink": call.may(.peopleWrite) ? .text(link("merge")) : false,
            "exportLink": call.may(.eventsRead) ? .text(link("export")) : false,
            "deleteLink": call.may(.peopleDelete) ? .text(link("delete")) : false,
        ]
        return PageValue.object(["person": head]).adding(more)
    }

    func page(
        _ template: String, _ tab: Tab?, title: String? = nil, scripts: [String] = [], status: Int = 200,
        _ more: PageValue
    ) -> PageAnswer {
        .page(
            "people/" + template, title: title.map { "\($0) · \(name)" } ?? name, status: .init(code: status),
            scripts: scripts, value(tab, more))
    }
}
