package import EventLog

extension BanditDecision {
    /// The decision as the log keeps it.
    package var event: Event {
        var properties: [Event.Property] = [
            .init(Vocabulary.decisionID, .string(id)), .init("placement", .string(placement)),
            .init("actions", .strings(actions.map(\.id))),
            .init("action_tags", .strings(actions.map { ActionTags.text($0.tags) })),
            .init("probabilities", .numbers(probabilities)), .init("chosen", .string(actions[chosen].id)),
        ]
        if let subject { properties.append(.init("subject", .string(subject))) }
        for (name, value) in context.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .text(let text): properties.append(.init("context." + name, .string(text)))
            case .number(let number): properties.append(.init("context." + name, .number(number)))
            }
        }
        return Event(person: person, name: Vocabulary.decisionMade, time: time, properties: properties)
    }

    /// - Returns: nil for another event, or one that chose nothing or with a probability that is none.
    package init?(_ event: Event) {
        guard event.name == Vocabulary.decisionMade, let id = event.text(Vocabulary.decisionID),
            let placement = event.text("placement"), let action = event.text("chosen")
        else { return nil }
        let (ids, probabilities) = (event.texts("actions"), event.numbers("probabilities"))
        guard let chosen = ids.firstIndex(of: action), ids.count == probabilities.count,
            probabilities[chosen] > 0, probabilities.allSatisfy({ (0...1).contains($0) })
        else { return nil }
        let tags = event.texts("action_tags")
        self.init(
            id: id, person: event.person, time: event.time, placement: placement, subject: event.text("subject"),
            actions: ids.enumerated().map { place, id in
                Action(id, tags: place < tags.count ? ActionTags.read(tags[place]) : [:])
            }, probabilities: probabilities, chosen: chosen, context: event.decisionFeatures)
    }
}

/// Tags and their strengths in one text: `couple:0.5,face:1`.
package enum ActionTags {
    package static func text(_ tags: [String: Double]) -> String {
        tags.sorted { $0.key < $1.key }.map { "\($0.key.replacing(",", with: " ")):\($0.value)" }
            .joined(separator: ",")
    }

    package static func read(_ text: String) -> [String: Double] {
        var tags: [String: Double] = [:]
        for part in text.split(separator: ",") {
            guard let colon = part.lastIndex(of: ":"), let strength = Double(part[part.index(after: colon)...]),
                strength.isFinite
            else { continue }
            tags[String(part[..<colon])] = strength
        }
        return tags
    }
}

extension PolicyLearner {
    /// Learns from an event of the log: a decision of a placement, or feedback about one.
    ///
    /// - Parameter reward: what an event that names a decision is worth as the placement defines success; nil counts
    ///   `Decision Rewarded` alone.
    package mutating func read(_ event: Event, placement: String, reward: ((Event) -> Double?)? = nil) {
        if let decision = BanditDecision(event) {
            if decision.placement == placement { made(decision) }
            return
        }
        guard let id = event.text(Vocabulary.decisionID) else { return }
        switch event.name {
        case Vocabulary.decisionShown: shown(id, at: event.time)
        case Vocabulary.decisionRewarded: rewarded(id, event.number("reward") ?? 1, at: event.time)
        default: if let worth = reward?(event) { rewarded(id, worth, at: event.time) }
        }
    }
}
