import Access
import Audiences
import Engine
import Foundation
import People

/// Which audiences a person is in, and why or why not.
enum PersonAudiences {
    static func page(_ call: PageCall) async throws -> PageAnswer {
        guard call.may(.audiencesRead) else { throw Problem.forbidden("this needs the scope 'audiences:read' as well") }
        let head = try await PersonHead.load(call)
        let live = head.live
        let id = head.profile.canonicalID
        let asked = call.query("why").flatMap { Int64($0) }
        let (all, since, explanation) = try await call.parts.queries.run {
            let all = try live.audiences.list()
            let since = Dictionary(try live.audiences.audiences(of: id).map { ($0.name, $0.since) }) { first, _ in first
            }
            let name = all.first { $0.id == asked }?.name
            return (all, since, try name.map { try live.audiences.explain($0, person: id) })
        }
        let sorted = all.sorted { (since[$0.name] == nil ? 1 : 0, $0.name) < (since[$1.name] == nil ? 1 : 0, $1.name) }
        return head.page(
            "audiences", .audiences, title: call.text("person.audiences"),
            [
                "audiences": .list(
                    sorted.map { audience in
                        [
                            "name": .text(audience.name), "href": .text(call.link("audiences/\(audience.id)")),
                            "isIn": .flag(since[audience.name] != nil),
                            "since": since[audience.name].map { .text(call.format.dateTime($0)) } ?? false,
                            "isAsked": .flag(audience.id == asked),
                            "why": .text(head.link("audiences", ["why": String(audience.id)])),
                            "explanation": audience.id == asked
                                ? explanation.map { ExplanationTree.value($0, call) } ?? false : false,
                        ]
                    }),
                "empty": all.isEmpty
                    ? EmptyState(
                        icon: "audiences", title: call.text("audiences.none"), text: call.text("audiences.noneText"),
                        actions: call.may(.audiencesWrite)
                            ? [(call.text("audiences.new"), call.link("audiences/new"))] : []
                    ).value : false,
            ])
    }
}
