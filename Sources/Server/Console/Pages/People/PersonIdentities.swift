import Access
import Engine
import Foundation
import People

/// Which ids a person has, and what made them one.
enum PersonIdentities {
    static func page(_ call: PageCall) async throws -> PageAnswer {
        let head = try await PersonHead.load(call)
        let profile = head.profile
        let keys = Dictionary(profile.identities.map { ($0.id, $0.key) }) { first, _ in first }
        let ids = profile.identities.sorted { ($0.isUser ? 0 : 1, $0.id) < ($1.isUser ? 0 : 1, $1.id) }
        return head.page(
            "identities", .identities, title: call.text("person.identities"),
            [
                "ids": .list(
                    ids.map { identity in
                        [
                            "id": .text(identity.id),
                            "kind": .text(call.text(identity.isUser ? "person.userID" : "person.deviceID")),
                            "isUser": .flag(identity.isUser),
                            "isMain": .flag(identity.id == profile.canonicalID),
                        ]
                    }),
                "merges": .list(profile.merges.reversed().map { merge($0, keys, head) }),
                "hasMerges": .flag(!profile.merges.isEmpty), "undo": undo(call, keys, head),
                "mayChange": .flag(call.may(.peopleWrite)),
            ])
    }

    private static func merge(_ record: MergeRecord, _ keys: [String: String], _ head: PersonHead) -> PageValue {
        let call = head.call
        let isOver = record.splitSequence != nil
        let split = isOver || !call.may(.peopleWrite) ? nil : keys[record.alias].map { head.link("split", ["id": $0]) }
        return [
            "alias": .text(record.alias), "person": .text(record.person),
            "cause": .text(call.text("person.cause.\(record.cause.rawValue)")),
            "when": .text(call.format.dateTime(record.time)), "machine": .text(call.format.machine(record.time)),
            "isOver": .flag(isOver), "over": .text(record.splitTime.map { call.format.dateTime($0) } ?? ""),
            "split": split.map { .text($0) } ?? false,
        ]
    }

    /// After a merge or a split: the way back, for as long as the address says so.
    private static func undo(_ call: PageCall, _ keys: [String: String], _ head: PersonHead) -> PageValue {
        guard call.may(.peopleWrite) else { return false }
        if let key = call.query("merged"), let alias = keys.first(where: { $0.value == key })?.key,
            let record = head.profile.merges.last(where: { $0.alias == alias && $0.splitSequence == nil })
        {
            return [
                "text": .text(call.text("person.mergedNote")), "action": .text(head.link("split")), "field": "id",
                "value": .text(keys[record.alias] ?? ""),
            ]
        }
        if let key = call.query("split"), let former = try? PersonHead.person(key, head.live),
            former.key != head.profile.key
        {
            return [
                "text": .text(call.text("person.splitNote")), "action": .text(head.link("merge/do")), "field": "with",
                "value": .text(former.key),
            ]
        }
        return false
    }
}
