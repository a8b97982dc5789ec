import Access
import Collection
import Engine
import Foundation

/// What came in and could not be stored, with the reason; sending it through again once the reason is gone.
enum DeadLetterPage {
    private static let pageSize = 25
    /// How many are replayed at once by one press of a button.
    private static let replayMax = 2_000

    static func page(_ call: PageCall) async throws -> PageAnswer {
        let live = try call.workspace()
        let before = call.query("before").flatMap { Int64($0) }
        let (letters, count, reasons) = try await call.parts.queries.run {
            (
                try live.collection.deadLetters(before: before, limit: pageSize + 1),
                try live.collection.deadLetterCount(), try live.collection.deadLetterReasons(limit: 8)
            )
        }
        let shown = letters.prefix(pageSize)
        // What came may be personal.
        let seesText = call.may(.eventsRead)
        let mayWrite = call.may(.collectionWrite)
        return .page(
            "data/letters", title: call.text("data.letters"),
            [
                "tabs": DataPages.tabs(.letters, call), "hasLetters": .flag(count > 0), "mayWrite": .flag(mayWrite),
                "lead": .text(call.text("data.letterNumber", count: count)), "action": .text(call.link("data/letters")),
                "reasons": .list(
                    reasons.map { reason in
                        [
                            "reason": .text(reason.reason), "count": .text(call.format.number(reason.count)),
                            "most": .text(String(reasons.first?.count ?? 1)), "value": .text(String(reason.count)),
                        ]
                    }),
                "letters": .list(shown.map { value($0, seesText: seesText, call) }),
                "removal": mayWrite && count > 0
                    ? Confirmation(
                        id: "remove-letters", action: call.link("data/letters"), button: call.text("data.removeAll"),
                        title: call.text("data.removeAllTitle"), text: call.text("data.removeAllText"),
                        yes: call.text("data.removeAll"), values: [("do", "removeAll")]
                    ).value : false,
                "pages": Pagination(
                    summary: call.text("people.shown", count: shown.count),
                    previous: before == nil ? nil : call.link("data/letters"),
                    next: letters.count > pageSize
                        ? call.link("data/letters", ["before": shown.last.map { String($0.id) }]) : nil
                ).value,
                "empty": count == 0
                    ? EmptyState(
                        icon: "inbox", title: call.text("data.noLetters"), text: call.text("data.noLettersText")
                    ).value : false,
            ])
    }

    private static func value(_ letter: DeadLetter, seesText: Bool, _ call: PageCall) -> PageValue {
        [
            "id": .text(String(letter.id)), "reason": .text(letter.reason), "field": .orFalse(letter.field),
            "endpoint": .text(letter.endpoint), "when": .text(call.format.dateTime(letter.receivedTime, seconds: true)),
            "machine": .text(call.format.machine(letter.receivedTime)),
            "text": seesText ? .text(pretty(letter.text)) : false, "isComplete": .flag(letter.isComplete),
            "replayName": .text(call.text("data.replayName", ["id": String(letter.id)])),
            "removeName": .text(call.text("data.removeName", ["id": String(letter.id)])),
        ]
    }

    /// JSON on several lines; anything else as it came.
    private static func pretty(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes.prefix(8_192), as: UTF8.self)
        guard bytes.count <= 8_192, let value = try? JSONSerialization.jsonObject(with: Data(bytes)),
            let data = try? JSONSerialization.data(
                withJSONObject: value, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        else { return text }
        return String(decoding: data, as: UTF8.self)
    }

    static func change(_ call: PageCall) async throws -> PageAnswer {
        let collection = try call.workspace().collection
        let one = call.form["id"].flatMap { Int64($0) }.map { [$0] }
        let action = call.form["do"] ?? ""
        let ids: [Int64]
        if let one {
            ids = one
        } else {
            let limit = action == "removeAll" ? 20_000 : replayMax
            ids = try await call.parts.queries.run { try collection.deadLetters(limit: limit).map(\.id) }
        }
        if action.hasPrefix("remove") {
            try collection.removeDeadLetters(ids)
            try note(call, "dead_letters.removed", ids.count, [:])
            return .redirect("data/letters", saying: call.text("data.removed", count: ids.count))
        }
        let result = try await collection.replay(ids)
        try note(call, "dead_letters.replayed", ids.count, ["stored": "\(result.stored.count)"])
        if result.rejected.isEmpty {
            return .redirect("data/letters", saying: call.text("data.replayed", count: result.stored.count))
        }
        let text = call.text(
            "data.replayedSome", count: result.stored.count, ["rejected": call.format.number(result.rejected.count)])
        return .redirect("data/letters", flash: Flash(kind: .warning, text: text))
    }

    private static func note(_ call: PageCall, _ action: String, _ count: Int, _ detail: [String: String]) throws {
        try call.access.note(
            call.call.change, workspace: call.workspaceName, action: action, target: "\(count)", detail: detail)
    }
}
