import Analysis
package import Recommendations

/// A request for decisions as JSON.
package struct DecideBody: Decodable, Sendable {
    package var request: DecideRequest
    /// The language of words: `en` or `ko`; nil is the workspace's.
    package var language: String?

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a request for decisions",
            allowed: ["person", "placement", "placements", "count", "context", "language", "log"])
        var places =
            try fields.list("placements", of: Place.self, counts: 1...DecideRequest.placesMax)?.map(\.place) ?? []
        if let one = try fields.text("placement") { places.insert(.init(one), at: 0) }
        if places.isEmpty {
            throw fields.error(.missingField, "placement", "must be given, or several as 'placements'")
        }
        if fields.has("count") {
            let count = try fields.integer("count", in: 1...100, default: 10)
            for index in places.indices where places[index].count == nil { places[index].count = count }
        }
        language = try fields.text("language")
        if let language, language != "en", language != "ko" {
            throw fields.error(.invalidValue, "language", "is '\(language.prefix(20))', but must be en or ko")
        }
        request = DecideRequest(
            person: try fields.optional("person", as: String.self).flatMap { $0.isEmpty ? nil : $0 }, places: places,
            context: try fields.optional("context") ?? DecisionContext(),
            isLogged: try fields.optional("log") ?? true)
    }

    /// `home`, or `{ name: home, count: 5 }`.
    private struct Place: Decodable {
        var place: DecideRequest.Place

        init(from decoder: any Decoder) throws {
            if let name = try? decoder.singleValueContainer().decode(String.self) {
                place = .init(name)
                return
            }
            let fields = try Fields(decoder, of: "a place", allowed: ["name", "count"])
            place = .init(try fields.required("name"))
            if fields.has("count") { place.count = try fields.integer("count", in: 1...100, default: 10) }
        }
    }
}

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
