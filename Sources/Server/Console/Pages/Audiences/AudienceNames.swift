import Access
import Analysis
import Audiences
import Engine
import Foundation
import HTTPTypes
import People

/// Names that the builder suggests: of events, properties, their values, traits, audiences.
enum AudienceNames {
    private struct Suggestion: Encodable {
        var value: String
        var label: String?
        var note: String?
    }

    static func answer(_ call: PageCall) async throws -> PageAnswer {
        let live = try call.workspace()
        let text = call.query("q") ?? ""
        let kind = call.query("kind") ?? "event"
        let (event, property) = (call.query("event"), call.query("property") ?? "")
        let seesPersons = call.may(.peopleRead)
        let found: [(String, Int?)] = try await call.parts.queries.run {
            switch kind {
            case "property": return try live.names.properties(text).map { ($0.name, $0.count) }
            // Values may be personal.
            case "value" where seesPersons:
                return try live.names.values(of: property, event: event, text).map { ($0.name, $0.count) }
            case "trait": return try live.people.traitNames().filter { fits($0, text) }.prefix(20).map { ($0, nil) }
            case "audience": return try live.audiences.list().filter { fits($0.name, text) }.map { ($0.name, $0.size) }
            case "event": return try live.names.events(text).map { ($0.name, $0.count) }
            default: return []
            }
        }
        let list = found.map { Suggestion(value: $0, note: $1.map { call.format.short(Double($0)) }) }
        return .response(Call.json(try JSONEncoder().encode(list)))
    }

    private static func fits(_ name: String, _ text: String) -> Bool {
        text.isEmpty || name.localizedCaseInsensitiveContains(text)
    }
}
