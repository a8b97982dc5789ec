import Recommendations

/// A placement as people write it: without what is as it would be anyway.
struct PlacementDocument: Encodable {
    private let placement: Placement

    init(_ placement: Placement) { self.placement = placement }

    private enum Key: String, CodingKey {
        case name, kind, description, model, count, rows, ranking, artworks, policy, actions, impressions, reward
        case timeoutMilliseconds
    }

    func encode(to encoder: any Encoder) throws {
        let usual = Placement(name: placement.name, kind: placement.kind)
        var object = encoder.container(keyedBy: Key.self)
        func add<Value: Encodable & Equatable>(_ path: KeyPath<Placement, Value>, _ key: Key) throws {
            if placement[keyPath: path] != usual[keyPath: path] {
                try object.encode(placement[keyPath: path], forKey: key)
            }
        }
        try object.encode(placement.name, forKey: .name)
        try object.encode(placement.kind, forKey: .kind)
        try object.encodeIfPresent(placement.description, forKey: .description)
        try add(\.model, .model)
        try add(\.count, .count)
        try add(\.rows, .rows)
        if placement.ranking != usual.ranking {
            try object.encode(RankingDocument(ranking: placement.ranking), forKey: .ranking)
        }
        try object.encodeIfPresent(placement.artworks, forKey: .artworks)
        if placement.policy != usual.policy {
            try object.encode(PolicyDocument(policy: placement.policy), forKey: .policy)
        }
        try add(\.actions, .actions)
        try object.encodeIfPresent(placement.impressions, forKey: .impressions)
        try object.encodeIfPresent(placement.reward, forKey: .reward)
        try add(\.timeoutMilliseconds, .timeoutMilliseconds)
    }
}

private struct RankingDocument: Encodable {
    let ranking: RankingSettings

    private enum Key: String, CodingKey {
        case allow, block, boosts, pins, perCategory, repeatAfterDays, knownFrom, diversity, calibration, freshness
        case freshnessHalfLifeDays, fatigue, exploration
    }

    func encode(to encoder: any Encoder) throws {
        let usual = RankingSettings()
        var object = encoder.container(keyedBy: Key.self)
        func add<Value: Encodable & Equatable>(_ path: KeyPath<RankingSettings, Value>, _ key: Key) throws {
            if ranking[keyPath: path] != usual[keyPath: path] { try object.encode(ranking[keyPath: path], forKey: key) }
        }
        try add(\.allow, .allow)
        try add(\.block, .block)
        try add(\.boosts, .boosts)
        try add(\.pins, .pins)
        try object.encodeIfPresent(ranking.perCategory, forKey: .perCategory)
        try add(\.repeatAfterDays, .repeatAfterDays)
        try object.encodeIfPresent(ranking.knownFrom, forKey: .knownFrom)
        try add(\.diversity, .diversity)
        try add(\.calibration, .calibration)
        try add(\.freshness, .freshness)
        try add(\.freshnessHalfLifeDays, .freshnessHalfLifeDays)
        try add(\.fatigue, .fatigue)
        try add(\.exploration, .exploration)
    }
}

private struct PolicyDocument: Encodable {
    let policy: PolicySettings

    private enum Key: String, CodingKey {
        case kind, exploration, stability, features, segment, segmentExploration, warmStartDays
    }

    func encode(to encoder: any Encoder) throws {
        let usual = PolicySettings(policy.kind)
        var object = encoder.container(keyedBy: Key.self)
        func add<Value: Encodable & Equatable>(_ path: KeyPath<PolicySettings, Value>, _ key: Key) throws {
            if policy[keyPath: path] != usual[keyPath: path] { try object.encode(policy[keyPath: path], forKey: key) }
        }
        try object.encode(policy.kind, forKey: .kind)
        try add(\.exploration, .exploration)
        try add(\.stability, .stability)
        try add(\.features, .features)
        try object.encodeIfPresent(policy.segment, forKey: .segment)
        try add(\.segmentExploration, .segmentExploration)
        try add(\.warmStartDays, .warmStartDays)
    }
}
