package import Statistics

/// Chooses each action as often as it is likely to be the best one (Thompson, 1933), with a beta distribution of the
/// rate of each.
///
/// The probabilities are integrated, not drawn: ∫ fᵢ(x) Πⱼ Fⱼ(x) dx, see `BestChances`.
package struct BetaThompson: BanditPolicy {
    /// Successes and failures that are believed in before anything was seen.
    package var priorAlpha: Double
    package var priorBeta: Double
    private var counts = BoundedTable<Count>(max: BanditLimits.actions)

    private struct Count: Codable, Hashable {
        var successes = 0.0
        var failures = 0.0
    }

    package init(priorAlpha: Double = 1, priorBeta: Double = 1) {
        precondition(priorAlpha > 0 && priorBeta > 0, "a prior needs positive parameters")
        self.priorAlpha = priorAlpha
        self.priorBeta = priorBeta
    }

    package func posterior(_ id: String) -> BetaDistribution {
        let count = counts[id] ?? Count()
        return BetaDistribution(priorAlpha + count.successes, priorBeta + count.failures)
    }

    package mutating func learn(_ action: BanditAction, reward: Double, weight: Double) {
        counts.change(action.id, default: Count()) { count in
            count.successes += reward * weight
            count.failures += (1 - reward) * weight
        }
    }

    package mutating func correct(_ action: BanditAction, by difference: Double, weight: Double) {
        counts.change(action.id, default: Count()) { count in
            count.successes += difference * weight
            // What was forgotten meanwhile begins anew, and cannot have failed less than never.
            count.failures = max(0, count.failures - difference * weight)
        }
    }

    package func distribution(_ actions: [BanditAction], _ random: inout RandomSource) -> ActionDistribution {
        if actions.count == 1 { return .uniform(1) }
        return ActionDistribution(
            weights: BestChances.of(actions.map { .init(rate: posterior($0.id), bonus: $0.bonus) }))
    }
}
