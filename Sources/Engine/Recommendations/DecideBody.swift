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
