package import EventLog
import GRDB
package import State
import Synchronization

/// Traits of all persons for one scan: the first question about a trait reads it for everybody.
package final class TraitTable: Sendable {
    private let state: StateDatabase
    private let known = Mutex<[String: [String: PropertyValue]]>([:])

    init(state: StateDatabase) { self.state = state }

    /// Of a database that another process may be changing; nil when it holds no persons yet.
    package static func reading(_ state: StateDatabase) throws -> TraitTable? {
        let isThere = try state.read { try $0.tableExists("trait") }
        return isThere ? TraitTable(state: state) : nil
    }

    /// The value of a trait of the person with this canonical id, or nil. May be called from several threads.
    ///
    /// - Complexity: O(1), and O(persons with the trait) the first time
    package func value(of trait: String, person: String) throws -> PropertyValue? {
        try known.withLock { known in
            if let values = known[trait] { return values[person] }
            let values = try state.read { try PeopleStore.values(of: trait, $0) }
            known[trait] = values
            return values[person]
        }
    }

    /// All values of a trait, by canonical id.
    package func values(of trait: String) throws -> [String: PropertyValue] {
        _ = try value(of: trait, person: "")
        return known.withLock { $0[trait] ?? [:] }
    }
}
