import EventLog

/// A decision told to people, in English or Korean.
package struct DecisionWords {
    package let korean: Bool
    /// What people call an item.
    package let title: (String) -> String

    package init(korean: Bool, title: @escaping (String) -> String) {
        self.korean = korean
        self.title = title
    }

    private static let itemsTold = 10

    /// What was decided, by what, why, and what came of it: some sentences.
    package func sentences(_ explanation: DecisionExplanation) -> [String] {
        let decision = explanation.decision
        return [made(decision)] + how(decision) + decision.items.prefix(Self.itemsTold).enumerated().map(item)
            + came(explanation)
    }

    private func made(_ decision: Decision) -> String {
        if let choice = decision.choice {
            let subject = choice.subject.map { korean ? "‘\(title($0))’의 " : " of \(title($0))" } ?? ""
            let share = percent(zip(choice.actions, choice.probabilities).first { $0.0 == choice.chosen }?.1 ?? 1)
            return korean
                ? "‘\(decision.placement)’ 자리에서 \(subject)\(choice.actions.count)가지 가운데 ‘\(choice.chosen)’을(를) 골랐어요. 고를 확률은 \(share)였어요."
                : "At '\(decision.placement)', '\(choice.chosen)'\(subject) was chosen out of \(choice.actions.count), with a probability of \(share)."
        }
        return korean
            ? "‘\(decision.placement)’ 자리에서 후보 \(decision.candidates)개 가운데 \(decision.items.count)개를 보여 줬어요."
            : "At '\(decision.placement)', \(decision.items.count) of \(decision.candidates) candidates were shown."
    }

    private func how(_ decision: Decision) -> [String] {
        var told: [String] = []
        if let choice = decision.choice, decision.kind == .moment {
            let why = MomentWords.text(choice.reason.split(separator: ",").map(String.init), korean: korean)
            if !why.isEmpty { told.append(korean ? "\(why)." : why.prefix(1).uppercased() + why.dropFirst() + ".") }
        } else if decision.choice != nil {
            told.append(
                korean
                    ? "정책 \(decision.policy)(설정 \(decision.policyVersion)판)이 골랐어요."
                    : "The policy \(decision.policy) chose, with version \(decision.policyVersion) of the placement.")
        } else if decision.modelVersion != "", decision.modelVersion != "0" {
            told.append(
                korean
                    ? "모델 \(decision.model)의 \(decision.modelVersion)판이 순서를 정했어요."
                    : "Version \(decision.modelVersion) of the model '\(decision.model)' put them in order.")
        }
        if !decision.rules.isEmpty {
            let rules = decision.rules.joined(separator: ", ")
            told.append(korean ? "적용한 규칙: \(rules)." : "Rules that applied: \(rules).")
        }
        if decision.isExploring {
            told.append(
                korean
                    ? "알아보기 위해 우연에 맡긴 자리가 있어요." : "Something was left to chance, to find out what people like.")
        }
        if let fallback = decision.fallback {
            let text = fallback.text(korean: korean)
            told.append(korean ? "\(text)." : text.prefix(1).uppercased() + text.dropFirst() + ".")
        }
        return told
    }

    private func item(_ place: Int, _ item: Decision.Item) -> String {
        let why = item.reason.text(korean: korean, title: title)
        let score = rounded(item.score)
        let chance =
            item.propensity < 1
            ? (korean ? ", 확률 \(percent(item.propensity))" : ", with a probability of \(percent(item.propensity))") : ""
        return korean
            ? "\(place + 1). \(title(item.item)): \(why) (점수 \(score)\(chance))"
            : "\(place + 1). \(title(item.item)): \(why) (score \(score)\(chance))"
    }

    private func came(_ explanation: DecisionExplanation) -> [String] {
        guard !explanation.feedback.isEmpty else {
            return [korean ? "아직 이 결정에 따른 반응이 없어요." : "Nothing has come of it yet."]
        }
        return explanation.feedback.prefix(Self.itemsTold).map { feedback in
            let minutes = (feedback.event.time - explanation.decision.time) / 60_000
            let worth = feedback.reward.map { korean ? ", 보상 \(rounded($0))" : ", worth \(rounded($0))" } ?? ""
            return korean
                ? "\(minutes)분 뒤: \(feedback.event.name)\(worth)."
                : "\(minutes) min later: \(feedback.event.name)\(worth)."
        }
    }

    private func percent(_ share: Double) -> String {
        let value = (share * 1_000).rounded() / 10
        return (value == value.rounded() ? "\(Int(value))" : "\(value)") + "%"
    }

    private func rounded(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
