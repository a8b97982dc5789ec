import EventLog
import Statistics
import Synchronization

extension DecisionService {
    /// How long what was shown and left counts as ignored.
    private static let ignoredMilliseconds: Int64 = 14 * 86_400_000

    /// What is known while one request is answered.
    struct Asking {
        var person: String?
        var context: DecisionContext
        var now: Int64
        var home: UInt64 = 0
        var view: Snapshot?
        /// By model.
        var histories: [String: History] = [:]
        var fallback: Fallback?
        let start = ContinuousClock.now
    }

    /// One decision for each place, in their order, each followed by those about the pictures of its items.
    ///
    /// - Complexity: the links of what the persons did, and some thousand candidates; nothing grows with the number of
    ///   persons or events of others.
    package func decide(_ request: DecideRequest) -> [Decision] {
        var asking = Asking(person: request.person, context: request.context, now: now())
        read(&asking)
        var all: [Decision] = []
        for place in request.places.prefix(DecideRequest.placesMax) {
            let isMoment = place.name == Placement.Kind.moment.rawValue && place.draft == nil
            if isMoment, placements.find(place.name) == nil {
                all.append(decideMoment(asking, isLogged: request.isLogged))
                continue
            }
            var decision = decide(place, &asking)
            let artworks = self.artworks(of: &decision, place, asking)
            all.append(decision)
            all += artworks
        }
        if request.isLogged {
            journal.add(all.filter { !$0.isWritten }.compactMap(\.event))
            recent.withLock { recent in for decision in all { recent.add(decision) } }
        } else {
            for index in all.indices { all[index].person = nil }
        }
        return all
    }

    private func read(_ asking: inout Asking) {
        guard let person = asking.person, Self.isID(person), gate.mayProfile(person) else {
            asking.person = nil
            asking.fallback = .unknownPerson
            return
        }
        do {
            let view = try history.view(of: person)
            asking.home = view.home(of: person)
            asking.view = view
        } catch {
            asking.fallback = .failed
        }
    }

    /// Whether the log takes it as a person's id.
    static func isID(_ id: String) -> Bool {
        (1...Limits.personIDBytes).contains(id.utf8.count) && Vocabulary.isPerson(id)
    }

    // MARK: One place

    private func decide(_ place: DecideRequest.Place, _ asking: inout Asking) -> Decision {
        let found =
            place.draft.map { StoredPlacement($0, version: 0, updatedTime: asking.now) }
            ?? placements.find(place.name)
        var stored =
            found
            ?? StoredPlacement(
                Placement(name: ModelName.isValid(place.name) ? place.name : "unknown", kind: .list), version: 0,
                updatedTime: asking.now)
        if let count = place.count { stored.placement.count = min(max(1, count), Placement.countMax) }
        let placement = stored.placement
        var decision = Decision(
            id: DecisionID(home: asking.home, time: asking.now, chance: chance()), person: asking.person,
            placement: placement.name, kind: placement.kind)
        decision.policyVersion = stored.version
        decision.fallback = found == nil ? .unknownPlacement : nil
        if !placement.actions.isEmpty {
            choose(stored, placement.actions.map { .init($0.id, tags: $0.tags) }, subject: nil, asking, &decision)
        } else if placement.kind == .artwork {
            chooseArtwork(stored, asking, &decision)
        } else {
            list(stored, &asking, &decision)
        }
        return decision
    }

    private func list(_ stored: StoredPlacement, _ asking: inout Asking, _ decision: inout Decision) {
        let placement = stored.placement
        decision.model = placement.model
        decision.rules = placement.ranking.names
        guard let model = model(placement.model) ?? model("default") else {
            decision.fallback = .warmingUp
            return
        }
        decision.modelVersion = String(model.serving.version)
        decision.notes = model.notes
        decision.fallback = decision.fallback ?? model.fallback
        var history = personHistory(model.serving.model, placement.model, &asking)
        if asking.start.duration(to: .now) > .milliseconds(placement.timeoutMilliseconds) {
            decision.fallback = .timeOut
            history = History()
        } else if history.entries.isEmpty {
            decision.fallback = decision.fallback ?? asking.fallback ?? .unknownPerson
        }
        var random = RandomSource(seed: decision.id.chance)
        let list = ServingList(model.serving, stored, now: asking.now, region: asking.context.region)
        let ignored = ignored(placement, model.serving.model, history, asking)
        if placement.kind == .home {
            let begun = asking.person.flatMap { started?.startedIfReady(by: $0) } ?? []
            let page = list.page(
                history, rows: placement.rows, count: placement.count, started: begun, ignored: ignored,
                random: &random)
            take(page.ranked, &decision)
            decision.rows = page.rows
        } else {
            let basis = basis(placement.kind, model.serving, asking.context, &decision)
            var ranked = list.list(
                history, basis.basis, count: placement.count, ignored: ignored, hidden: basis.hidden, random: &random)
            if !basis.first.isEmpty { Self.put(basis.first, before: &ranked, count: placement.count) }
            if placement.kind == .cart { Self.tell(together: &ranked) }
            take(ranked, &decision)
        }
        if decision.items.isEmpty { decision.fallback = .nothingLeft }
    }

    private func take(_ ranked: ServingList.Ranked, _ decision: inout Decision) {
        decision.items = ranked.items
        decision.candidates = ranked.candidates
        decision.isExploring = ranked.isExploring
    }

    private func personHistory(_ model: TrainedModel, _ name: String, _ asking: inout Asking) -> History {
        if let known = asking.histories[name] { return known }
        guard let person = asking.person, let view = asking.view else { return History() }
        let history: History
        do {
            history = try view.history(of: person, in: model)
        } catch {
            asking.fallback = .failed
            history = History()
        }
        asking.histories[name] = history
        return history
    }

    private func ignored(
        _ placement: Placement, _ model: TrainedModel, _ history: History, _ asking: Asking
    ) -> [Int: Int] {
        guard placement.ranking.fatigue > 0, let person = asking.person, let view = asking.view else { return [:] }
        let since = asking.now - Self.ignoredMilliseconds
        return (try? view.ignored(by: person, since: since, history, in: model)) ?? [:]
    }

    // MARK: What a list goes by

    private struct ListBasis {
        var basis = ServingList.Basis.person
        var hidden: Set<Int> = []
        /// What comes before everything else.
        var first: [Decision.Item] = []
    }

    private func basis(
        _ kind: Placement.Kind, _ serving: ServingModel, _ context: DecisionContext, _ decision: inout Decision
    ) -> ListBasis {
        let numbers = serving.model.numbers
        switch kind {
        case .similar, .next:
            guard let id = context.item, let item = numbers[id] else {
                decision.fallback = decision.fallback ?? .unknownItem
                return ListBasis()
            }
            if decision.fallback == .unknownPerson { decision.fallback = nil }
            let hasSequence = kind == .next && serving.linked.contains { $0.name == "sequence" }
            var basis = ListBasis(
                basis: .items([item], models: hasSequence ? ["sequence"] : []), hidden: [item])
            if kind == .next, let next = try? models.items.successor(of: id) {
                basis.first = [
                    Decision.Item(item: next, score: 0, source: "series", reason: Reason(.next, item: id))
                ]
            }
            return basis
        case .cart:
            let items = context.cart.compactMap { numbers[$0] }
            guard !items.isEmpty else {
                decision.fallback = decision.fallback ?? (context.cart.isEmpty ? .emptyCart : .unknownItem)
                return ListBasis()
            }
            if decision.fallback == .unknownPerson { decision.fallback = nil }
            return ListBasis(basis: .items(items, models: []), hidden: Set(items))
        case .search:
            let query = context.query ?? ""
            let found = query.isEmpty ? [] : (try? models.items.find(query, limit: 200)) ?? []
            var seen: Set<Int> = []
            let items = found.compactMap { numbers[$0] }.filter { seen.insert($0).inserted }
            guard !items.isEmpty else {
                decision.fallback = decision.fallback ?? .nothingFound
                return ListBasis()
            }
            if decision.fallback == .unknownPerson { decision.fallback = nil }
            return ListBasis(basis: .found(items))
        case .home, .list, .push, .artwork, .banner, .moment: return ListBasis()
        }
    }

    private static func put(_ first: [Decision.Item], before ranked: inout ServingList.Ranked, count: Int) {
        let ids = Set(first.map(\.item))
        ranked.items = Array((first + ranked.items.filter { !ids.contains($0.item) }).prefix(count))
        ranked.candidates += first.count
    }

    private static func tell(together ranked: inout ServingList.Ranked) {
        for index in ranked.items.indices where ranked.items[index].reason.kind == .because {
            ranked.items[index].reason.kind = .together
        }
    }
}
