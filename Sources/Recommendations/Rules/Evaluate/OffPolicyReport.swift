package import Statistics

/// What a log tells about a policy that was not in force, and whether it tells enough.
package struct OffPolicyReport: Sendable {
    package struct Line: Sendable {
        package var estimator: OffPolicyEstimator
        package var value: Interval
    }

    package enum Refusal: Sendable, Hashable {
        case noDecisions
        /// The weights sit on so few decisions that the estimate is theirs alone.
        case fewEffectiveDecisions(Double)
        /// The other policy would do, with this share, what the one in force never does.
        case unseenActions(Double)
    }

    package var decisions: Int
    /// What the policy in force brought.
    package var actual: Double
    /// (Σ w)² / Σ w²: how many decisions of the other policy's own the log is worth.
    package var effectiveDecisions: Double
    /// The mean weight. It is 1 when every action of the other policy had a chance.
    package var meanWeight: Double
    package var lines: [Line]
    /// Why nothing should be concluded; nil when something may.
    package var refusal: Refusal?
}

/// When a log is enough.
package struct OffPolicyRules: Sendable, Hashable {
    package var effectiveDecisionsMin = 100.0
    /// The share of the other policy's choices that the log must have had a chance to show.
    package var coverageMin = 0.8
    package var confidence = 0.95
    package var resamples = 200

    package init() {}
}

extension OffPolicyReport {
    /// Estimates a policy's value in every way that the decisions allow.
    ///
    /// - Parameter seed: of the bootstrap.
    /// - Complexity: O(decisions × resamples × estimators)
    package static func make(
        _ decisions: [LoggedDecision], rules: OffPolicyRules = OffPolicyRules(), seed: UInt64 = 1
    ) -> OffPolicyReport {
        let count = Double(decisions.count)
        let weights = decisions.map(\.weight)
        let (sum, squares) = weights.reduce(into: (0.0, 0.0)) { sums, weight in
            sums.0 += weight
            sums.1 += weight * weight
        }
        var report = OffPolicyReport(
            decisions: decisions.count, actual: decisions.reduce(0) { $0 + $1.reward } / max(1, count),
            effectiveDecisions: squares > 0 ? sum * sum / squares : 0, meanWeight: sum / max(1, count), lines: [],
            refusal: nil)
        if decisions.isEmpty {
            report.refusal = .noDecisions
            return report
        }
        if report.effectiveDecisions < rules.effectiveDecisionsMin {
            report.refusal = .fewEffectiveDecisions(report.effectiveDecisions)
        } else if report.meanWeight < rules.coverageMin {
            report.refusal = .unseenActions(1 - report.meanWeight)
        }
        report.lines = estimators(decisions).compactMap { estimator in
            estimator.estimate(
                decisions, confidence: rules.confidence, resamples: rules.resamples, seed: seed
            ).map { Line(estimator: estimator, value: $0) }
        }
        return report
    }

    private static func estimators(_ decisions: [LoggedDecision]) -> [OffPolicyEstimator] {
        var estimators: [OffPolicyEstimator] = [.inversePropensity, .selfNormalized, .replay]
        guard decisions.contains(where: { $0.modelTarget != 0 || $0.modelReward != 0 }) else { return estimators }
        estimators += [.directMethod, .doublyRobust, .selfNormalizedDoublyRobust]
        let steps: [Double] = [1, 5, 10, 50, 100, 500, 1_000, .infinity]
        estimators += [
            OffPolicyEstimator.tuned(steps.map { .switchDoublyRobust(threshold: $0) }, decisions),
            OffPolicyEstimator.tuned(steps.map { .shrunkDoublyRobust(lambda: $0) }, decisions),
        ].compactMap(\.self)
        return estimators
    }
}

extension OffPolicyReport.Refusal {
    /// Machine-readable.
    package var code: String {
        switch self {
        case .noDecisions: "no_decisions"
        case .fewEffectiveDecisions: "few_effective_decisions"
        case .unseenActions: "unseen_actions"
        }
    }

    func text(korean: Bool) -> String {
        switch self {
        case .noDecisions:
            korean
                ? "그 기간에 보여 준 결정이 없어 아무것도 말할 수 없어요."
                : "Nothing was decided and shown in that time, so nothing can be said."
        case .fewEffectiveDecisions(let count):
            korean
                ? "기록은 새 정책의 결정 \(Int(count))건만큼의 가치밖에 없어 결론을 내릴 수 없어요. 무작위 비율을 높이고 더 기다려 주세요."
                : "The log is worth only \(Int(count)) decisions of the other policy, too few to conclude anything: raise the share at random, and wait."
        case .unseenActions(let share):
            korean
                ? "새 정책이 고를 것 중 \(Int(share * 100))%는 한 번도 보여 줄 수 없던 것이라 결론을 내릴 수 없어요."
                : "Of what the other policy would choose, \(Int(share * 100)) % never had a chance to be shown, so nothing can be concluded."
        }
    }
}

extension OffPolicyReport {
    /// The estimate to go by: doubly robust where there is a model, else self-normalised weights.
    package var best: Line? {
        let order = ["SNDR", "DR", "SNIPW", "IPW"]
        return order.lazy.compactMap { name in lines.first { $0.estimator.name == name } }.first
    }

    /// What to make of it, in a sentence.
    package func verdict(korean: Bool) -> String {
        if let refusal { return refusal.text(korean: korean) }
        guard let best else { return Refusal.noDecisions.text(korean: korean) }
        if best.value.low > actual {
            return korean
                ? "새 정책이 지금보다 나았을 거예요: 구간 전체가 지금 값보다 높아요."
                : "The other policy would have done better: its whole interval lies above what was reached."
        }
        if best.value.high < actual {
            return korean
                ? "새 정책이 지금보다 못했을 거예요: 구간 전체가 지금 값보다 낮아요."
                : "The other policy would have done worse: its whole interval lies below what was reached."
        }
        return korean
            ? "차이를 말할 수 없어요: 지금 값이 구간 안에 있어요."
            : "No difference can be told: what was reached lies within the interval."
    }
}
