import Audiences
import EventLog
import People
import Recommendations

/// What policies may know of a person: traits and audiences.
struct PolicyPeople: PersonFeatures {
    let people: PeopleService
    let audiences: AudienceService

    func features(of person: String, _ names: [String]) -> [String: ContextValue] {
        var features: [String: ContextValue] = [:]
        let facts = try? people.facts(of: person)
        let id = facts?.canonicalID ?? person
        var memberships: Set<String>?
        for name in names {
            if name.hasPrefix("trait.") {
                features[name] = facts?.traits[String(name.dropFirst("trait.".count))].flatMap(Self.value)
            } else if name.hasPrefix("audience.") {
                let all = memberships ?? Set(((try? audiences.audiences(of: id)) ?? []).map(\.name))
                memberships = all
                features[name] = .number(all.contains(String(name.dropFirst("audience.".count))) ? 1 : 0)
            }
        }
        return features
    }

    private static func value(_ trait: PropertyValue) -> ContextValue? {
        switch trait {
        case .string(let text): .text(text)
        case .number(let number): .number(number)
        case .boolean(let flag): .number(flag ? 1 : 0)
        case .strings, .numbers, .booleans, .time, .times: nil
        }
    }
}
