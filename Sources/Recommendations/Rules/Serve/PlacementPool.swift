import Synchronization

/// What the rules of a placement leave, whoever asks: worked out once for each version of a placement and a model.
struct PlacementPool: Sendable {
    /// By item; nil: the rules allow all.
    let allowed: [Bool]?
    /// The best of what is allowed, by what does not depend on the person; nil: those of the model.
    let shortlist: [UInt32]?
    /// The best of what is boosted.
    let boosted: [UInt32]

    /// - Complexity: O(items)
    init(_ ranking: RankingSettings, _ serving: ServingModel) {
        let count = serving.model.items.count
        func matches(_ selector: ItemSelector, _ item: Int) -> Bool {
            selector.matches(serving.model.items[item], serving.catalogue[item])
        }
        // Ahead of the request only when it saves looking for candidates in vain.
        if ranking.allow.isEmpty, ranking.block.isEmpty {
            allowed = nil
            shortlist = nil
        } else {
            let allowed = (0..<count).map { item in
                (ranking.allow.isEmpty || matches(ranking.allow, item)) && !matches(ranking.block, item)
            }
            self.allowed = allowed
            shortlist = serving.bestStatic { allowed[$0] }
        }
        let raised = ranking.boosts.filter { $0.by > 0 }
        boosted = raised.isEmpty ? [] : serving.bestStatic { item in raised.contains { matches($0.of, item) } }
    }
}

extension ServingModel {
    /// The best items for everybody that `isWanted`.
    ///
    /// - Complexity: O(items)
    func bestStatic(where isWanted: (Int) -> Bool) -> [UInt32] {
        guard let part = statics.last, let scores = part.groups.first?.values else { return [] }
        return TopItems.of(scores, min(Self.shortlistMax, scores.count), where: isWanted).map { UInt32($0) }
    }

    /// The pool of a placement that is stored; worked out by who asks first.
    func pool(_ stored: StoredPlacement) -> PlacementPool {
        let name = stored.placement.name
        if let known = pools.withLock({ $0[name] }), known.version == stored.version { return known.pool }
        let pool = PlacementPool(stored.placement.ranking, self)
        // A placement that is not stored, such as one that is being edited, has no version.
        if stored.version > 0 {
            pools.withLock { pools in
                if pools.count >= PlacementService.countMax { pools.removeAll() }
                pools[name] = (stored.version, pool)
            }
        }
        return pool
    }
}
