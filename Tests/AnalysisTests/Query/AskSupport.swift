import EventLog
import Foundation

@testable import Analysis

/// Asks queries as JSON text of a few events, and reads the answers as JSON again, as a user would.
struct Asker {
    var snapshot: Snapshot
    var traits: (any PersonTraits)?
    var now = milliseconds("2024-06-15T12:00:00Z")

    init(_ events: [Event], traits: (any PersonTraits)? = nil, merges: [Merge] = []) throws {
        snapshot = try Snapshot.inMemory(events, merges: merges, segmentCount: 2, chunkRows: 8)
        self.traits = traits
    }

    func ask(_ json: String, person: String? = nil) throws -> AnalysisService.Answer {
        try AnalysisService().run(
            Query(json: Data(json.utf8)), on: snapshot, now: now, traits: traits, person: person)
    }

    /// The answer's JSON, keys sorted.
    func text(_ json: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(ask(json).result), as: UTF8.self)
    }

    func funnel(_ json: String, person: String? = nil) throws -> FunnelResult {
        guard case .funnel(let result) = try ask(json, person: person).result else { throw WrongKind() }
        return result
    }

    func paths(_ json: String) throws -> PathsResult {
        guard case .paths(let result) = try ask(json).result else { throw WrongKind() }
        return result
    }

    func correlation(_ json: String) throws -> CorrelationResult {
        guard case .correlation(let result) = try ask(json).result else { throw WrongKind() }
        return result
    }

    struct WrongKind: Error {}
}

/// Events as a table: `person name minute`, one a line, then properties as `key=value` (numbers as numbers, `a|b` as a
/// list). Minutes count from 2024-05-10T00:00:00Z.
func table(_ text: String) -> [Event] {
    text.split(separator: "\n").map { line in
        let words = line.split(separator: " ").map(String.init)
        let properties = words.dropFirst(3).map { word in
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let list = parts[1].split(separator: "|").map(String.init)
            let value: PropertyValue =
                list.count > 1 ? .strings(list) : Double(parts[1]).map { .number($0) } ?? .string(parts[1])
            return Event.Property(parts[0], value)
        }
        return Event(
            person: words[0], name: words[1],
            time: milliseconds("2024-05-10T00:00:00Z") + Int64(Double(words[2])! * 60_000), properties: properties)
    }
}
