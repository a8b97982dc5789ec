package import EventLog
import GRDB
package import State
import Synchronization

/// Traits of all persons for one scan: the first question about a trait reads it for everybody.
package final class TraitTable: Sendable {
    private let state: StateDatabase
    private let known = Mutex<[Name: [String: PropertyValue]]>([:])

    private struct Name: Hashable {
        /// Nil for a trait of the person.
        var groupKind: String?
        var trait: String
    }

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
        try value(Name(trait: trait), person)
    }

    /// The value of a trait of the person's groups of a kind (`*`: any); of several groups all values as a list. May be
    /// called from several threads.
    ///
    /// - Complexity: O(1), and O(members of groups with the trait) the first time
    package func value(of trait: String, groupKind: String, person: String) throws -> PropertyValue? {
        try value(Name(groupKind: groupKind, trait: trait), person)
    }

    private func value(_ name: Name, _ person: String) throws -> PropertyValue? {
        try known.withLock { known in
            if let values = known[name] { return values[person] }
            let values = try state.read { db in
                if let kind = name.groupKind { return try PeopleStore.values(of: name.trait, ofGroups: kind, db) }
                return try PeopleStore.values(of: name.trait, db)
            }
            known[name] = values
            return values[person]
        }
    }

    /// All values of a trait, by canonical id.
    package func values(of trait: String) throws -> [String: PropertyValue] {
        _ = try value(of: trait, person: "")
        return known.withLock { $0[Name(trait: trait)] ?? [:] }
    }
}
