import Audiences
import People

extension LiveWorkspace {
    /// Why a person is in an audience or not.
    ///
    /// - Parameter person: an id or a key.
    package func explain(_ audience: String, person: String) throws -> AudienceExplanationView {
        AudienceExplanationView(try audiences.explain(audience, person: try people.canonicalID(of: person) ?? person))
    }

    /// Adds persons to a list that is kept by hand, or takes them out.
    ///
    /// - Parameter persons: an id or a key of each.
    package func changeList(
        _ audience: String, persons: [String], isIn: Bool
    ) throws -> AudienceListChangeView {
        // Keys begin with this; ids the log knows by itself.
        let ids = try persons.map { $0.hasPrefix("p_") ? try people.canonicalID(of: $0) ?? $0 : $0 }
        if isIn {
            let done = try audiences.add(ids, to: audience)
            return AudienceListChangeView(changed: done.added, unknown: done.unknown)
        }
        let done = try audiences.remove(ids, from: audience)
        return AudienceListChangeView(changed: done.removed, unknown: done.unknown)
    }
}
