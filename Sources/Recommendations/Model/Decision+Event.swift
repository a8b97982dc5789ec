package import EventLog

extension Decision {
    /// The decision as the log keeps it; nil when nobody knows whom it was made for.
    package var event: Event? {
        guard let person else { return nil }
        var properties: [Event.Property] = [
            .init(Vocabulary.decisionID, .string(id.description)), .init("placement", .string(placement)),
            .init("kind", .string(kind.rawValue)), .init("policy", .string(policy)),
            .init("policy_version", .number(Double(policyVersion))), .init("exploring", .boolean(isExploring)),
            .init("candidates", .number(Double(candidates))),
        ]
        if !model.isEmpty {
            properties.append(.init("model", .string(model)))
            properties.append(.init("model_version", .string(modelVersion)))
        }
        if !items.isEmpty {
            properties += [
                .init("items", .strings(items.map(\.item))), .init("scores", .numbers(items.map(\.score))),
                .init("propensities", .numbers(items.map(\.propensity))),
                .init("sources", .strings(items.map(\.source))), .init("reasons", .strings(items.map(\.reason.code))),
            ]
        }
        if !rows.isEmpty {
            properties.append(.init("rows", .strings(rows.map(\.id))))
            properties.append(.init("row_sizes", .numbers(rows.map { Double($0.items.count) })))
        }
        if !rules.isEmpty { properties.append(.init("rules", .strings(rules))) }
        if let fallback { properties.append(.init("fallback", .string(fallback.rawValue))) }
        if let choice { properties += Self.properties(choice) }
        return Event(person: person, name: Vocabulary.decisionMade, time: time, properties: properties)
    }

    private static func properties(_ choice: Choice) -> [Event.Property] {
        var properties: [Event.Property] = [
            .init("actions", .strings(choice.actions)),
            .init("action_tags", .strings(choice.tags.map(ActionTags.text))),
            .init("probabilities", .numbers(choice.probabilities)),
            .init("chosen", .string(choice.chosen)), .init("choice_reason", .string(choice.reason)),
        ]
        if let subject = choice.subject { properties.append(.init("subject", .string(subject))) }
        for (name, value) in choice.features.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .text(let text): properties.append(.init("context." + name, .string(text)))
            case .number(let number): properties.append(.init("context." + name, .number(number)))
            }
        }
        return properties
    }

    /// A decision as the log has kept it.
    ///
    /// - Returns: nil for another event, or one without a valid id.
    package init?(_ event: Event) {
        guard event.name == Vocabulary.decisionMade, let text = event.text(Vocabulary.decisionID),
            let id = DecisionID(text)
        else { return nil }
        self.init(
            id: id, person: event.person, placement: event.text("placement") ?? "",
            kind: event.text("kind").flatMap { Placement.Kind(rawValue: $0) } ?? .list)
        policy = event.text("policy") ?? ""
        policyVersion = Int(event.number("policy_version") ?? 0)
        model = event.text("model") ?? ""
        modelVersion = event.text("model_version") ?? ""
        candidates = Int(event.number("candidates") ?? 0)
        isExploring = event[("exploring")] == .boolean(true)
        rules = event.texts("rules")
        fallback = event.text("fallback").flatMap { Fallback(rawValue: $0) }
        let (scores, propensities) = (event.numbers("scores"), event.numbers("propensities"))
        let (sources, reasons) = (event.texts("sources"), event.texts("reasons"))
        items = event.texts("items").enumerated().map { place, item in
            Item(
                item: item, score: place < scores.count ? scores[place] : 0,
                propensity: place < propensities.count ? propensities[place] : 1,
                source: place < sources.count ? sources[place] : "",
                reason: (place < reasons.count ? Reason(code: reasons[place]) : nil) ?? Reason(.popular))
        }
        var end = 0
        for (name, size) in zip(event.texts("rows"), event.numbers("row_sizes")) {
            let next = min(items.count, end + max(0, Int(size)))
            rows.append(Row(id: name, items: end..<next))
            end = next
        }
        guard let chosen = event.text("chosen") else { return }
        choice = Choice(
            subject: event.text("subject"), actions: event.texts("actions"),
            tags: event.texts("action_tags").map(ActionTags.read),
            probabilities: event.numbers("probabilities"), chosen: chosen,
            reason: event.text("choice_reason") ?? "", features: event.decisionFeatures)
    }
}

extension Event {
    package func text(_ name: String) -> String? {
        if case .string(let text)? = self[name] { text } else { nil }
    }

    package func number(_ name: String) -> Double? {
        if case .number(let number)? = self[name] { number } else { nil }
    }

    package func texts(_ name: String) -> [String] {
        switch self[name] {
        case .strings(let list): list
        case .string(let text): [text]
        default: []
        }
    }

    package func numbers(_ name: String) -> [Double] {
        switch self[name] {
        case .numbers(let list): list
        case .number(let number): [number]
        default: []
        }
    }

    /// `context.NAME` by name.
    var decisionFeatures: [String: ContextValue] {
        var features: [String: ContextValue] = [:]
        for property in properties where property.name.hasPrefix(Vocabulary.contextPrefix) {
            let name = String(property.name.dropFirst(Vocabulary.contextPrefix.count))
            switch property.value {
            case .string(let text): features[name] = .text(text)
            case .number(let number): features[name] = .number(number)
            default: break
            }
        }
        return features
    }
}
