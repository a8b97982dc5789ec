import Analysis
package import Recommendations

/// What came of a decision, as JSON.
package struct OutcomeBody: Decodable, Sendable {
    package var outcome: DecisionService.Outcome
    package var writeKey: String?

    private static let itemsMax = 200

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "what came of a decision",
            allowed: ["kind", "item", "items", "reward", "messageId", "writeKey"])
        guard fields.has("kind") else {
            throw fields.error(.missingField, "kind", "must be given: shown, clicked or rewarded")
        }
        var items = try fields.list("items", of: String.self, counts: 0...Self.itemsMax) ?? []
        if let item = try fields.text("item") { items.append(item) }
        outcome = .init(kind: try fields.choice("kind", default: .shown), items: items)
        writeKey = try fields.text("writeKey")
        outcome.messageID = try fields.text("messageId")
        if (outcome.messageID ?? "").utf8.count > 128 {
            throw fields.error(.limitExceeded, "messageId", "is longer than 128 bytes")
        }
        if fields.has("reward") {
            outcome.reward = try fields.number("reward", from: 0, to: 1)
            if outcome.kind != .rewarded {
                throw fields.error(.invalidValue, "reward", "belongs to the kind 'rewarded'")
            }
        } else if outcome.kind == .rewarded {
            throw fields.error(.missingField, "reward", "must be given, from 0 to 1")
        }
    }
}

extension Fields {
    fileprivate func number(_ name: String, from low: Double, to high: Double) throws -> Double {
        let value: Double = try required(name)
        guard (low...high).contains(value) else {
            throw error(.invalidValue, name, "is \(value), but must be from \(low) to \(high)")
        }
        return value
    }
}
