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
        let (chosen, gate) = (settings, try profilingGate())
        return try IntentService(
            folder: modelsFolder + "/" + Workspace.intentName, log: log, state: state,
            idleMinutes: { chosen.sessionMinutes },
            secondsFromUTC: { SecondsFromUTC.of(chosen.timeZone, at: $0) }, shapes: { try EventShape.read(log) },
            now: now, mayProfile: { gate.mayProfile($0) }, decisionID: { try DecisionID.make(for: $0, at: $1, log) })
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
    /// Names that are looked at, the most frequent first.
    private static let namesMax = 200

    /// What the events of a log look like: the properties that half of a sample of each name have.
    ///
    /// - Complexity: O(events of the names)
    package static func read(_ log: EventLog) throws -> [EventShape] {
        let names = try log.statistics.eventNames.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
            .prefix(namesMax).map(\.name)
        let schemas = try EventSchema.read(names, from: log.snapshot(), isSample: true)
        return names.map { name in
            let usual = (schemas[name]?.properties ?? []).filter { $0.count * 2 >= schemas[name]?.count ?? 0 }
            return EventShape(name, properties: Set(usual.map(\.name)))
        }
    }
}
