import Foundation
import GRDB
import State
import Synchronization

/// The settings of intent of one workspace.
final class IntentSettingsStore: Sendable {
    private let state: StateDatabase?
    private let known: Mutex<IntentSettings>

    /// - Parameter state: nil: settings as they are at first, which cannot be changed.
    /// - Throws: `StateError`.
    init(_ state: StateDatabase?) throws {
        self.state = state
        let text = try state?.read { db -> String? in
            // A folder of an earlier version, opened for reading, has no table yet.
            guard try db.tableExists("intent_settings") else { return nil }
            return try String.fetchOne(db, sql: "SELECT settings FROM intent_settings")
        }
        let stored = try text.map { try JSONDecoder().decode(IntentSettings.self, from: Data($0.utf8)) }
        known = Mutex(stored ?? IntentSettings())
    }

    var current: IntentSettings { known.withLock { $0 } }

    /// - Returns: what was there before.
    /// - Throws: `LifecycleError` with `invalid`, `StateError`.
    func set(_ settings: IntentSettings) throws -> IntentSettings {
        let checked = try settings.checked()
        let text = String(decoding: try JSONEncoder().encode(checked), as: UTF8.self)
        return try known.withLock { known in
            try state?.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO intent_settings (only, settings) VALUES (1, ?)
                        ON CONFLICT (only) DO UPDATE SET settings = excluded.settings
                        """, arguments: [text])
            }
            let before = known
            known = checked
            return before
        }
    }
}
