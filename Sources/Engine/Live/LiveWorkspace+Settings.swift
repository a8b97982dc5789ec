import Analysis
import Audiences
import Foundation
import People
import State

/// What a workspace is set to, as the API and commands show it.
package struct WorkspaceSettings: Codable, Sendable, Hashable {
    /// An IANA name. Days of audiences (`today`) are its days; until it is set they are those of UTC.
    package var timeZone: String

    package init(timeZone: String) { self.timeZone = timeZone }
}

extension LiveWorkspace {
    private static let timeZoneSetting = "timeZone"

    package var settings: WorkspaceSettings { WorkspaceSettings(timeZone: audiences.zone.identifier) }

    /// Changes the settings; audiences are evaluated by them before it returns.
    ///
    /// - Throws: `EngineError` with `invalidArgument` for a time zone that is none.
    package func change(_ settings: WorkspaceSettings) throws {
        guard let zone = ZoneName(settings.timeZone) else {
            throw EngineError(
                .invalidArgument, "'\(settings.timeZone)' is not an IANA time zone; names look like Asia/Seoul or UTC")
        }
        guard zone != audiences.zone || !isTimeZoneSet else { return }
        try state.write {
            try StateSettings.set(Self.timeZoneSetting, Data(zone.identifier.utf8), in: $0)
        }
        people.setTimeZone(zone.zone)
        try audiences.setZone(zone)
        try catchUp()
    }

    private var isTimeZoneSet: Bool { (try? Self.timeZone(state)) != nil }

    /// The zone that has been set; nil when none has.
    static func timeZone(_ state: StateDatabase) throws -> ZoneName? {
        let name = try state.read { try StateSettings.value(timeZoneSetting, in: $0) }
        return name.flatMap { ZoneName(String(decoding: $0, as: UTF8.self)) }
    }
}
