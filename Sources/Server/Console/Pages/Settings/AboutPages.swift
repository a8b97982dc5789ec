import Access
import Engine
import Foundation

/// What runs here.
enum AboutPages {
    static let pages: [ConsolePage] = [
        .get("settings/about", name: "about", in: .settings, access: .known) { call in
            let installation = call.parts.installation
            let facts = [
                ("workspaces", call.format.number(installation.workspaceNames.count)),
                ("processors", call.format.number(ProcessInfo.processInfo.activeProcessorCount)),
                ("system", ProcessInfo.processInfo.operatingSystemVersionString),
            ]
            return SettingsPages.page(
                .about, "about", call,
                ["facts": .list(facts.map { ["name": .text(call.text("settings.\($0.0)")), "value": .text($0.1)] })])
        }
    ]
}
