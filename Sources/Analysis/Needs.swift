package import EventLog

/// Traits of persons and of their groups, which another module keeps. Queries use them in filters
/// (`{"person": "plan", ...}`, `{"group": "company", "trait": "plan", ...}`) and breakdowns.
package protocol PersonTraits: Sendable {
    /// The value of a trait of the person with this canonical id, or nil. Called from several threads at once.
    func value(of trait: String, person: String) throws -> PropertyValue?

    /// The value of a trait of the group of some kind that the person belongs to, or nil; `*` is any kind. Of several
    /// groups a list of all their values. Called from several threads at once.
    func value(of trait: String, groupKind: String, person: String) throws -> PropertyValue?
}
