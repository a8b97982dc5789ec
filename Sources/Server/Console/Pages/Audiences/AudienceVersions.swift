import Access
import Audiences
import Charts
import Engine
import Foundation

/// What the definition was before, and the way back to it.
enum AudienceVersionsPage {
    static func page(_ call: PageCall) async throws -> PageAnswer {
        let head = try AudienceHead.load(call)
        let versions = try head.live.audiences.versions(head.audience.name)
        return head.page(
            "versions", .versions,
            [
                "versions": .list(
                    versions.reversed().map { version in
                        let isCurrent = version.version == head.audience.version
                        return [
                            "number": .text(call.text("audience.versionNumber", ["number": String(version.version)])),
                            "isCurrent": .flag(isCurrent), "text": .orFalse(version.predicate?.text),
                            "when": .text(call.format.dateTime(version.time)),
                            "canRestore": .flag(!isCurrent && version.predicate != nil && call.may(.audiencesWrite)),
                            "id": .text(String(head.audience.id)), "name": .text(head.audience.name),
                            "description": .text(head.audience.definition.description),
                            "now": .text(String(head.audience.version)),
                        ]
                    }),
                "save": .text(call.link("audiences/save")),
            ])
    }
}
