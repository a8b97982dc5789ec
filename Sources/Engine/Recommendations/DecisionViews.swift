import EventLog
package import Recommendations

/// Decisions as JSON, with words in one language.
package struct DecisionView: Encodable, Sendable {
    package struct Item: Encodable, Sendable {
        package var item: String
        package var title: String?
        package var image: String?
        package var url: String?
        package var score: Double
        package var propensity: Double
        package var source: String
        /// For machines: `because:sku-1`.
        package var reason: String
        /// For people.
        package var why: String
        package var artwork: Artwork?
    }

    package struct Artwork: Encodable, Sendable {
        package var id: String
        package var url: String
        /// The id of the decision about the picture, for what comes of it.
        package var decision: String?
    }

    package struct Row: Encodable, Sendable {
        package var id: String
        package var title: String
        package var items: [String]
    }

    package struct Choice: Encodable, Sendable {
        package var subject: String?
        package var chosen: String
        package var title: String?
        package var image: String?
        package var url: String?
        package var probability: Double
        package var reason: String
        /// At a moment: the reason in words, and the coupon's code.
        package var why: String?
        package var coupon: String?
        package var actions: [String]
        package var probabilities: [Double]
    }

    package var id: String
    package var time: String
    package var placement: String
    package var kind: String
    package var policy: String
    package var policyVersion: Int
    package var model: String?
    package var modelVersion: String?
    package var items: [Item]
    package var rows: [Row]?
    package var choice: Choice?
    package var rules: [String]
    package var candidates: Int
    package var exploring: Bool
    package var fallback: String?
    /// The fallback in words.
    package var explanation: String?
    package var notes: [String]?
}

/// Tells decisions in a language, with the names that the catalogue has.
package struct DecisionTeller: Sendable {
    let decisions: DecisionService
    let korean: Bool

    package init(_ decisions: DecisionService, language: String) {
        self.decisions = decisions
        korean = language.hasPrefix("ko")
    }

    /// What an item is called in the language.
    package func title(_ id: String, model: String) -> String {
        decisions.catalogued(id, model).flatMap(name) ?? id
    }

    private func name(_ item: CandidateItem) -> String? {
        let language = korean ? "ko" : "en"
        return item.titles.first { $0.key.hasPrefix(language) }?.value ?? item.title
    }

    package func view(_ decision: Decision) -> DecisionView {
        var view = DecisionView(
            id: decision.id.description, time: Timestamp.text(decision.time), placement: decision.placement,
            kind: decision.kind.rawValue, policy: decision.policy, policyVersion: decision.policyVersion, items: [],
            rules: decision.rules, candidates: decision.candidates, exploring: decision.isExploring,
            fallback: decision.fallback?.rawValue, explanation: decision.fallback?.text(korean: korean))
        if !decision.model.isEmpty {
            view.model = decision.model
            view.modelVersion = decision.modelVersion
        }
        view.items = decision.items.map { item($0, decision.model) }
        if !decision.rows.isEmpty {
            view.rows = decision.rows.map { row in
                DecisionView.Row(
                    id: row.id, title: rowTitle(row.id, decision.model),
                    items: decision.items[row.items].map(\.item))
            }
        }
        view.choice = decision.choice.map { choice($0, decision) }
        if !decision.notes.isEmpty { view.notes = decision.notes }
        return view
    }

    private func item(_ item: Decision.Item, _ model: String) -> DecisionView.Item {
        let known = decisions.catalogued(item.item, model)
        return DecisionView.Item(
            item: item.item, title: known.flatMap(name), image: known?.image, url: known?.url, score: item.score,
            propensity: item.propensity, source: item.source, reason: item.reason.code,
            why: item.reason.text(korean: korean) { title($0, model: model) },
            artwork: item.artwork.map {
                DecisionView.Artwork(id: $0.id, url: $0.url, decision: $0.decision?.description)
            })
    }

    private func choice(_ choice: Decision.Choice, _ decision: Decision) -> DecisionView.Choice {
        let probability = zip(choice.actions, choice.probabilities).first { $0.0 == choice.chosen }?.1 ?? 1
        var view = DecisionView.Choice(
            subject: choice.subject, chosen: choice.chosen, probability: probability, reason: choice.reason,
            actions: choice.actions, probabilities: choice.probabilities)
        if decision.kind == .moment {
            view.why = MomentWords.text(choice.reason.split(separator: ",").map(String.init), korean: korean)
            view.coupon = choice.coupon
        } else if let subject = choice.subject {
            let picture = decisions.catalogued(subject, decision.model)?.artworks.first { $0.id == choice.chosen }
            view.image = picture?.url
        } else if let stored = decisions.placements.find(decision.placement),
            let action = stored.placement.actions.first(where: { $0.id == choice.chosen })
        {
            view.title = action.title
            view.image = action.image
            view.url = action.url
        }
        return view
    }

    /// What a row is called.
    package func rowTitle(_ id: String, _ model: String) -> String {
        RowTitle.of(id, korean: korean) { title($0, model: model) }
    }
}

/// The answer to a request for decisions.
package struct DecideView: Encodable, Sendable {
    package var decisions: [DecisionView]

    /// Pictures of items stand beside them, so what was decided about them is not listed again.
    package init(_ all: [Decision], _ teller: DecisionTeller, request: DecideRequest) {
        let inItems = Set(all.flatMap { $0.items.compactMap { $0.artwork?.decision } })
        decisions = all.filter { !inItems.contains($0.id) }.map(teller.view)
    }
}

/// A decision with what came of it.
package struct DecisionExplanationView: Encodable, Sendable {
    package struct Feedback: Encodable, Sendable {
        package var event: String
        package var time: String
        package var items: [String]
        package var reward: Double?
    }

    package var decision: DecisionView
    package var person: String
    /// The whole in words, a sentence each.
    package var words: [String]
    package var reward: Double?
    package var feedback: [Feedback]

    package init(_ explanation: DecisionExplanation, _ teller: DecisionTeller) {
        decision = teller.view(explanation.decision)
        person = explanation.person
        let model = explanation.decision.model
        words = DecisionWords(korean: teller.korean) { teller.title($0, model: model) }.sentences(explanation)
        reward = explanation.reward
        feedback = explanation.feedback.map {
            Feedback(
                event: $0.event.name, time: Timestamp.text($0.event.time), items: $0.event.texts("item"),
                reward: $0.reward)
        }
    }
}
