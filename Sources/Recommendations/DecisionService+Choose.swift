import Synchronization

extension DecisionService {
    /// Asks the policy which of several actions it is, and writes that down.
    func choose(
        _ stored: StoredPlacement, _ actions: [ActionQuestion.Action], subject: String?, _ asking: Asking,
        _ decision: inout Decision
    ) {
        let question = ActionQuestion(
            placement: stored, subject: subject, actions: actions, person: asking.person, context: asking.context,
            now: asking.now, seed: decision.id.chance)
        var choice = actions.count > 1 ? chooser.choose(question) : FirstAction().choose(question)
        if !actions.indices.contains(choice.chosen) || choice.probabilities.count != actions.count {
            choice = FirstAction().choose(question)
            decision.fallback = .failed
        }
        decision.policy = choice.policy
        decision.candidates = actions.count
        decision.isExploring = choice.isExploring
        if asking.person == nil { decision.fallback = decision.fallback ?? .unknownPerson }
        decision.choice = Decision.Choice(
            subject: subject, actions: actions.map(\.id), tags: actions.map(\.tags),
            probabilities: choice.probabilities,
            chosen: actions[choice.chosen].id, reason: choice.reason, features: choice.features)
    }

    /// The placement's own question: which picture of the item in the context.
    func chooseArtwork(_ stored: StoredPlacement, _ asking: Asking, _ decision: inout Decision) {
        guard let id = asking.context.item, let item = catalogued(id, stored.placement.model) else {
            decision.fallback = .unknownItem
            return
        }
        let artworks = Self.artworks(of: item, locale: asking.context.locale)
        guard !artworks.isEmpty else {
            decision.fallback = .nothingLeft
            return
        }
        choose(stored, artworks.map { .init($0.id, tags: $0.tags) }, subject: id, asking, &decision)
    }

    /// Gives the items of a list their pictures, by the policy of the placement that the list names.
    ///
    /// - Returns: a decision for each picture that was one of several.
    func artworks(of decision: inout Decision, _ place: DecideRequest.Place, _ asking: Asking) -> [Decision] {
        let placement = place.draft ?? placements.find(place.name)?.placement
        let chooser = placement?.artworks.flatMap { placements.find($0) }
        guard let model = model(decision.model) else { return [] }
        var made: [Decision] = []
        for index in decision.items.indices {
            let id = decision.items[index].item
            guard let number = model.serving.model.numbers[id], let item = model.serving.catalogue[number] else {
                continue
            }
            let artworks = Self.artworks(of: item, locale: asking.context.locale)
            guard let first = artworks.first else { continue }
            decision.items[index].artwork = Decision.Artwork(id: first.id, url: first.url)
            guard let chooser, artworks.count > 1 else { continue }
            var own = Decision(
                id: DecisionID(home: asking.home, time: asking.now, chance: chance()), person: asking.person,
                placement: chooser.placement.name, kind: .artwork)
            own.policyVersion = chooser.version
            choose(chooser, artworks.map { .init($0.id, tags: $0.tags) }, subject: id, asking, &own)
            if let chosen = artworks.first(where: { $0.id == own.choice?.chosen }) {
                decision.items[index].artwork = Decision.Artwork(id: chosen.id, url: chosen.url, decision: own.id)
            }
            made.append(own)
        }
        return made
    }

    /// What the catalogue says of an item, as far as it is in memory.
    package func catalogued(_ id: String, _ modelName: String) -> CandidateItem? {
        guard let model = model(modelName) ?? model("default") else { return nil }
        if let number = model.serving.model.numbers[id] { return model.serving.catalogue[number] }
        return try? models.items.items([id]).first
    }

    /// The pictures whose lettering fits a language, those of the language first.
    static func artworks(of item: CandidateItem, locale: String?) -> [CandidateArtwork] {
        guard let language = locale?.prefix(2).lowercased() else {
            let plain = item.artworks.filter { $0.locale == nil }
            return plain.isEmpty ? item.artworks : plain
        }
        let fitting = item.artworks.filter { $0.locale == nil || $0.locale?.lowercased().hasPrefix(language) == true }
        return fitting.isEmpty ? item.artworks : fitting
    }
}
