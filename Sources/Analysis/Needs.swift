package import EventLog

/// Traits of persons, which another module keeps. Queries use them in filters (`{"person": "plan", ...}`) and
/// breakdowns.
package protocol PersonTraits: Sendable {
    /// The value of a trait of the person with this canonical id, or nil. Called from several threads at once.
    func value(of trait: String, person: String) throws -> PropertyValue?
}
