package import EventLog
import Foundation
package import Lifecycle
import Recommendations
import Settings
import State

extension Workspace {
    /// Among the models.
    static let intentName = "intent"

    /// What people are about, from a log of this workspace that is open for reading.
    ///
    /// - Throws: `StateError` when the state cannot be read.
    package func intent(
        _ log: EventLog, now: @escaping @Sendable () -> Int64 = EventLog.systemTime
    ) throws -> IntentService {
        var settings = WorkspaceSettings.korean
        var state: StateDatabase?
        if FileManager.default.fileExists(atPath: statePath) {
            let opened = try StateDatabase.openForReading(statePath)
            settings = try SettingsService(state: opened, standard: settings).current
            state = opened
        }
        defer { try? state?.close() }
        let chosen = settings
        return try IntentService(
            folder: modelsFolder + "/" + Workspace.intentName, log: log, state: state,
            idleMinutes: { chosen.sessionMinutes },
            secondsFromUTC: { SecondsFromUTC.of(chosen.timeZone, at: $0) }, shapes: { try EventShape.read(log) },
            now: now, decisionID: { try DecisionID.make(for: $0, at: $1, log) })
    }
}

extension DecisionID {
    /// A new one, by which the decision is found in the log.
    static func make(for person: String, at time: Int64, _ log: EventLog) throws -> String {
        DecisionID(home: try log.view(of: person).home(of: person), time: time, chance: .random(in: 0 ... .max))
            .description
    }
}

/// How far a zone's clock is ahead.
enum SecondsFromUTC {
    /// - Parameters:
    ///   - zone: an identifier of the IANA database.
    ///   - time: milliseconds since 1970-01-01T00:00:00Z.
    static func of(_ zone: String, at time: Int64) -> Int {
        TimeZone(identifier: zone)?.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time) / 1_000)) ?? 0
    }
}

extension EventShape {
    /// The latest events that are looked at.
    private static let latest = 20_000
    /// Names that are looked at, the most frequent first.
    private static let namesMax = 200
    /// Events of a rare name that are read whole.
    private static let rareMax = 20_000

    /// What the events of a log look like: from the latest, and of names that are not among them from all.
    ///
    /// - Complexity: O(latest events + events of rare names)
    package static func read(_ log: EventLog) throws -> [EventShape] {
        var counts: [String: (events: Int, properties: [String: Int])] = [:]
        for stored in try EventTail(log: log).latest(latest) {
            counts[stored.event.name, default: (0, [:])].events += 1
            for property in stored.event.properties {
                counts[stored.event.name]?.properties[property.name, default: 0] += 1
            }
        }
        let snapshot = try log.snapshot()
        let names = try log.statistics.eventNames.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        return try names.prefix(namesMax).map { name in
            if let found = counts[name.name] {
                return EventShape(
                    name.name, properties: Set(found.properties.filter { $0.value * 2 >= found.events }.keys))
            }
            guard name.count <= rareMax else { return EventShape(name.name, properties: []) }
            let schema = try EventSchema.read(name.name, from: snapshot)
            return EventShape(
                name.name, properties: Set(schema.properties.filter { $0.count * 2 >= schema.count }.map(\.name)))
        }
    }
}
