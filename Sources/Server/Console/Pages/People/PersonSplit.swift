import Access
import Engine
import Foundation
import People

/// Taking apart what a merge has joined.
enum PersonSplit {
    /// The merge that a split of this id would undo, and the ids that would go with it.
    static func consequences(of alias: String, in profile: Profile) -> (record: MergeRecord, leaving: Set<String>)? {
        guard let record = profile.merges.last(where: { $0.splitSequence == nil && $0.alias == alias }) else {
            return nil
        }
        var edges = profile.merges.filter { $0.splitSequence == nil }
        edges.removeAll { $0 == record }
        var leaving: Set<String> = [alias]
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for edge in edges where leaving.contains(edge.alias) != leaving.contains(edge.person) {
                leaving.formUnion([edge.alias, edge.person])
                isGrowing = true
            }
        }
        return leaving.contains(record.person) ? nil : (record, leaving)
    }

    private static func alias(_ key: String?, _ head: PersonHead) throws -> String {
        guard let key, let identity = head.profile.identities.first(where: { $0.key == key }) else {
            throw Problem.notFound("the person has no id with this key; look at the identities again")
        }
        return identity.id
    }

    static func page(_ call: PageCall) async throws -> PageAnswer {
        let head = try await PersonHead.load(call)
        let alias = try alias(call.query("id"), head)
        guard let (record, leaving) = consequences(of: alias, in: head.profile) else {
            throw Problem.badRequest("other merges join these ids as well; undo those first")
        }
        let staying = head.profile.identities.map(\.id).filter { !leaving.contains($0) }
        return head.page(
            "split", nil, title: call.text("person.split"),
            [
                "leaving": .list(leaving.sorted().map { .text($0) }),
                "staying": .list(staying.sorted().map { .text($0) }),
                "cause": .text(call.text("person.cause.\(record.cause.rawValue)")),
                "when": .text(call.format.dateTime(record.time)), "action": .text(head.link("split")),
                "id": .text(call.query("id") ?? ""), "back": .text(head.link("identities")),
            ])
    }

    static func split(_ call: PageCall) async throws -> PageAnswer {
        let head = try await PersonHead.load(call)
        let alias = try alias(call.form["id"], head)
        let live = head.live
        let former = try await live.split(alias, by: call.call.actorName)
        try call.call.notePerson("person.split", alias)
        try await call.call.catchUp(live)
        let (one, other) = try await call.parts.queries.run { (try live.profile(former), try live.profile(alias)) }
        return .redirect(
            "people/\(one.key)/identities?split=\(other.key)", saying: call.text("person.splitDone"))
    }
}
