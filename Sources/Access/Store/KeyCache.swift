import Foundation
import GRDB
import State
import Synchronization

/// The valid keys in memory, so that a request costs no query.
final class KeyCache: Sendable {
    /// A key that is known is trusted for so long without asking whether another process has revoked it. One that is
    /// not known is always looked for.
    static let trustMilliseconds: Int64 = 250

    private struct Known {
        var revision: Int64 = -1
        /// When `keys` were last known to be current; nil when that is not known.
        var checkedTime: Int64?
        var keys: [Data: AccessKey] = [:]
    }

    private let known = Mutex(Known())

    /// The key with this digest; nil when there is none or it is revoked.
    func key(_ digest: Data, in state: StateDatabase, now: Int64) throws -> AccessKey? {
        let trusted: AccessKey? = known.withLock { known in
            guard let checked = known.checkedTime, now >= checked, now - checked < KeyCache.trustMilliseconds else {
                return nil
            }
            return known.keys[digest]
        }
        if let trusted { return trusted }
        let revision = known.withLock { $0.revision }
        let (current, keys) = try state.read { db in
            let current = try AccessStore.revision(in: db)
            return (current, current == revision ? nil : try AccessStore.activeKeys(in: db))
        }
        return known.withLock { known in
            // Another thread may have read a later state in between.
            if let keys, current > known.revision {
                known.keys = keys
                known.revision = current
            }
            if current >= known.revision { known.checkedTime = now }
            return known.keys[digest]
        }
    }

    /// To be called after a change by this process.
    func forget() { known.withLock { $0.checkedTime = nil } }
}
