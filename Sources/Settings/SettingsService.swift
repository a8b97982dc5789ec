import Foundation
import GRDB
package import State
import Synchronization

/// The settings of one workspace. Reading costs nothing; whoever changes them writes the audit log.
package final class SettingsService: Sendable {
    private let state: StateDatabase
    private let known: Mutex<Known>

    private struct Known: Sendable {
        var settings: WorkspaceSettings
        var isChosen: Bool
    }

    /// - Parameter standard: what holds until somebody has chosen.
    /// - Throws: `StateError`.
    package init(state: StateDatabase, standard: WorkspaceSettings) throws {
        self.state = state
        let stored = try state.read { try String.fetchOne($0, sql: "SELECT settings FROM workspace_settings") }
        let settings = try stored.map { try JSONDecoder().decode(WorkspaceSettings.self, from: Data($0.utf8)) }
        known = Mutex(Known(settings: settings ?? standard, isChosen: settings != nil))
    }

    package var current: WorkspaceSettings { known.withLock { $0.settings } }

    /// Whether somebody has set them; else they are what the machine suggests.
    package var isChosen: Bool { known.withLock { $0.isChosen } }

    /// - Returns: what was there before.
    /// - Throws: `SettingsError`, `StateError`.
    @discardableResult
    package func set(_ settings: WorkspaceSettings) throws -> WorkspaceSettings {
        let checked = try settings.checked()
        let text = String(decoding: try JSONEncoder().encode(checked), as: UTF8.self)
        return try known.withLock { known in
            try state.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO workspace_settings (only, settings) VALUES (1, ?)
                        ON CONFLICT (only) DO UPDATE SET settings = excluded.settings
                        """, arguments: [text])
            }
            let before = known.settings
            known = Known(settings: checked, isChosen: true)
            return before
        }
    }
}
