import DemoWorld
import EventLog
import Foundation
import Recommendations

/// A Saturday in March, at midnight in Seoul.
let worldStart = KoreanCalendar.midnight(KoreanCalendar.day(2025, 3, 1))

extension WorldEvents {
    /// The events that people did, as a log holds them: lists of objects as lists of their members.
    func events(_ names: Set<String>) throws -> [Event] {
        try (0..<count).compactMap { index in
            var text: [UInt8] = []
            append(index, to: &text)
            // Reading all of the others would take most of the time.
            let line = String(decoding: text, as: UTF8.self)
            guard names.contains(where: { line.contains("\"event\":\"\($0)\"") }) else { return nil }
            guard let object = try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any],
                let name = object["event"] as? String, names.contains(name),
                let person = (object["userId"] ?? object["anonymousId"]) as? String
            else { return nil }
            var properties: [Event.Property] = []
            for (key, value) in object["properties"] as? [String: Any] ?? [:] {
                if let list = value as? [[String: Any]] {
                    for member in Set(list.flatMap(\.keys)) {
                        let values = list.map { $0[member] }
                        if let texts = values as? [String] {
                            properties.append(.init("\(key).\(member)", .strings(texts)))
                        } else if let numbers = values as? [Double] {
                            properties.append(.init("\(key).\(member)", .numbers(numbers)))
                        }
                    }
                } else if let text = value as? String {
                    properties.append(.init(key, .string(text)))
                } else if let number = value as? Double {
                    properties.append(.init(key, .number(number)))
                }
            }
            return Event(person: person, name: name, time: time(index), properties: properties)
        }
    }
}

/// A log that stays as it is, put together once.
struct FixedHistory: InteractionHistory {
    private let fixed: Snapshot

    init(_ events: [Event]) throws { fixed = try Snapshot.inMemory(events, segmentCount: 2) }

    func snapshot() throws -> Snapshot { fixed }
    func view(of person: String) throws -> Snapshot { fixed }
}

extension World {
    /// What is hidden, of one kind, by id.
    func truth(_ kind: String) throws -> [String: [String: Any]] {
        var text: [UInt8] = []
        truth { text += $0 }
        var found: [String: [String: Any]] = [:]
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
                object["kind"] as? String == kind, let id = object["id"] as? String
            else { continue }
            found[id] = object
        }
        return found
    }
}
