package import Analysis

/// Several audiences compiled together, whatever the log and the moment: conditions that they share are there once.
package struct AudiencePlan: Sendable {
    package struct Target: Sendable, Hashable {
        package var id: Int64
        package var name: String
        /// Nil for a static audience, whose members are a list.
        package var predicate: AudiencePredicate?

        package init(id: Int64, name: String, predicate: AudiencePredicate?) {
            self.id = id
            self.name = name
            self.predicate = predicate
        }
    }

    /// Events of one kind: what several conditions look at.
    struct Stream: Sendable, Hashable {
        var events: [String]?
        var filter: Filter?
    }

    struct Window: Sendable, Hashable {
        var window: TimeWindow?
        var isLocal: Bool
    }

    struct Sequence: Sendable, Hashable {
        struct Step: Sendable, Hashable {
            var stream: Int
            /// Milliseconds; `.max` without a limit.
            var within: Int64
        }

        var steps: [Step]
        var absent: Step?
        var window: Int
    }

    /// A condition by what it looks at, as numbers in the plan's tables. Nothing in it counts references, because it
    /// is copied for every person.
    enum Condition: Sendable, Hashable {
        case everyone
        case times(stream: Int, window: Int, NumberComparison)
        case days(stream: Int, window: Int, NumberComparison)
        case measure(stream: Int, window: Int, EventCondition.Measure, property: Int, NumberComparison)
        case first(stream: Int, window: Int)
        case last(stream: Int, window: Int)
        case sequence(Int)
        case trait(Int, matcher: Int)
        case traitTime(Int, window: Int)
        /// `kinds` and `groupTraits` by number; kind -1 is any.
        case groupTrait(kind: Int, trait: Int, matcher: Int, isNegative: Bool)
        case groupTraitTime(kind: Int, trait: Int, window: Int)
        case group(Int)
        case consent(Int)
        case role(Int)
        /// Another audience of the plan, by its number.
        case target(Int)
        /// A static audience, by its id.
        case stored(Int64)
        /// An audience that is not there holds nobody.
        case nobody
    }

    struct Instruction: Sendable {
        var condition: Int
        var onTrue: Int
        var onFalse: Int
    }

    static let accept = -1
    static let refuse = -2

    /// The audiences with predicates, each after those that it mentions.
    package private(set) var targets: [Target] = []
    private(set) var starts: [Int] = []
    private(set) var instructions: [Instruction] = []
    private(set) var conditions: [Condition] = []
    /// What each condition was made from.
    private(set) var sources: [AudiencePredicate] = []
    private(set) var streams: [Stream] = []
    private(set) var windows: [Window] = []
    private(set) var sequences: [Sequence] = []
    private(set) var matchers: [TraitMatcher] = []
    private(set) var groups: [(kind: String, id: String?)] = []
    private(set) var kinds: [String] = []
    private(set) var roles: [Set<String>] = []
    /// Properties whose values are added up or counted.
    private(set) var measured: [String] = []
    package private(set) var needs = FactNeeds()
    package let zone: ZoneName

    private var numbers: [AudiencePredicate: Int] = [:]
    private var streamNumbers: [Stream: Int] = [:]

    /// - Parameters:
    ///   - audiences: those to evaluate, and all that they may mention.
    ///   - wanted: those to evaluate; nil for all.
    ///   - zone: the workspace's.
    /// - Throws: `AudienceError` with `cycle`.
    package init(_ audiences: [Target], wanted: Set<Int64>? = nil, zone: ZoneName) throws(AudienceError) {
        self.zone = zone
        var byName: [String: Target] = [:]
        for audience in audiences { byName[audience.name] = audience }
        var places: [String: Int] = [:]
        for target in try AudienceOrder.sorted(audiences, wanted: wanted) {
            guard let predicate = target.predicate else { continue }
            places[target.name] = targets.count
            let start = compile(predicate, AudiencePlan.accept, AudiencePlan.refuse) { name in
                if let place = places[name] { return .target(place) }
                return byName[name].map { .stored($0.id) } ?? .nobody
            }
            targets.append(target)
            starts.append(start)
        }
    }

    /// The names of the events that any audience looks at; nil for every event.
    package var eventNames: Set<String>? {
        var names: Set<String> = []
        for stream in streams {
            guard let events = stream.events else { return nil }
            names.formUnion(events)
        }
        return names
    }

    /// The number of a condition.
    func number(of predicate: AudiencePredicate) -> Int? { numbers[predicate] }

    /// Whether any audience looks at something other than events.
    package var readsFacts: Bool { needs != FactNeeds() }
}

// MARK: - Compiling

extension AudiencePlan {
    /// From the last condition to the first, so that the place to go on at is known.
    private mutating func compile(
        _ predicate: AudiencePredicate, _ onTrue: Int, _ onFalse: Int, _ audience: (String) -> Condition
    ) -> Int {
        switch predicate {
        case .and(let list):
            var next = onTrue
            for part in list.reversed() { next = compile(part, next, onFalse, audience) }
            return next
        case .or(let list):
            var next = onFalse
            for part in list.reversed() { next = compile(part, onTrue, next, audience) }
            return next
        case .not(let inner): return compile(inner, onFalse, onTrue, audience)
        default:
            let number: Int
            if let known = numbers[predicate] {
                number = known
            } else {
                number = conditions.count
                let condition = self.condition(predicate, audience)
                numbers[predicate] = number
                conditions.append(condition)
                sources.append(predicate)
            }
            instructions.append(Instruction(condition: number, onTrue: onTrue, onFalse: onFalse))
            return instructions.count - 1
        }
    }

    private mutating func condition(_ predicate: AudiencePredicate, _ audience: (String) -> Condition) -> Condition {
        switch predicate {
        case .everyone, .and, .or, .not: return .everyone
        case .event(let event): return condition(event)
        case .sequence(let sequence): return condition(sequence)
        case .trait(let trait): return condition(trait)
        case .groupTrait(let kind, let trait): return condition(trait, ofGroups: kind)
        case .group(let kind, let id):
            needs.groups = true
            groups.append((kind, id))
            return .group(groups.count - 1)
        case .consent(let question): return .consent(needs.consents.number(of: question))
        case .role(let names):
            needs.roles = true
            return .role(roles.number(of: Set(names)))
        case .audience(let name): return audience(name)
        }
    }

    private mutating func condition(_ event: EventCondition) -> Condition {
        let stream = self.stream(event.events, event.filter)
        let window = self.window(event.window, event.isLocal)
        return switch event.question {
        case .times(let comparison): .times(stream: stream, window: window, comparison)
        case .days(let comparison): .days(stream: stream, window: window, comparison)
        case .measure(let measure, let property, let comparison):
            .measure(
                stream: stream, window: window, measure, property: measured.number(of: property), comparison)
        case .first: .first(stream: stream, window: window)
        case .last: .last(stream: stream, window: window)
        }
    }

    private mutating func condition(_ sequence: SequenceCondition) -> Condition {
        func step(_ step: SequenceCondition.Step, _ plan: inout AudiencePlan) -> Sequence.Step {
            Sequence.Step(stream: plan.stream(step.events, step.filter), within: step.within?.milliseconds ?? .max)
        }
        let compiled = Sequence(
            steps: sequence.steps.map { step($0, &self) }, absent: sequence.absent.map { step($0, &self) },
            window: window(sequence.window, sequence.isLocal))
        return .sequence(sequences.number(of: compiled))
    }

    private mutating func condition(_ trait: TraitCondition) -> Condition {
        let number = needs.traits.number(of: trait.name)
        switch trait.test {
        case .value(let op, let values): return .trait(number, matcher: matcher(op, values))
        case .time(let window): return .traitTime(number, window: self.window(window, trait.isLocal))
        }
    }

    private mutating func condition(_ trait: TraitCondition, ofGroups kind: String?) -> Condition {
        needs.groups = true
        let kind = kind.map { kinds.number(of: $0) } ?? -1
        let number = needs.groupTraits.number(of: trait.name)
        switch trait.test {
        case .value(let op, let values):
            let negative: Set<FilterOperator> = [.notEquals, .notOneOf, .notContains, .notRegex, .isNotSet]
            return .groupTrait(
                kind: kind, trait: number, matcher: matcher(op, values), isNegative: negative.contains(op))
        case .time(let window):
            return .groupTraitTime(kind: kind, trait: number, window: self.window(window, trait.isLocal))
        }
    }

    /// The patterns in a predicate have been checked, so this always gives a matcher.
    private mutating func matcher(_ op: FilterOperator, _ values: [FilterValue]) -> Int {
        guard let matcher = (try? TraitMatcher(op, values, zone: zone)) ?? (try? TraitMatcher(.isSet, [], zone: zone))
        else { preconditionFailure("'is set' has no pattern") }
        matchers.append(matcher)
        return matchers.count - 1
    }

    private mutating func stream(_ events: [String]?, _ filter: Filter?) -> Int {
        let stream = Stream(events: events.map { Array(Set($0)).sorted() }, filter: filter)
        if let known = streamNumbers[stream] { return known }
        streams.append(stream)
        streamNumbers[stream] = streams.count - 1
        return streams.count - 1
    }

    private mutating func window(_ window: TimeWindow?, _ isLocal: Bool) -> Int {
        if isLocal { needs.timeZone = true }
        return windows.number(of: Window(window: window, isLocal: isLocal))
    }
}

extension Array where Element: Equatable {
    /// The index of an element, which is added when it is new.
    fileprivate mutating func number(of element: Element) -> Int {
        if let index = firstIndex(of: element) { return index }
        append(element)
        return count - 1
    }
}

/// Puts audiences after those that they mention.
enum AudienceOrder {
    /// - Throws: `AudienceError` with `cycle`, which names the audiences of the circle.
    static func sorted(
        _ audiences: [AudiencePlan.Target], wanted: Set<Int64>? = nil
    ) throws(AudienceError) -> [AudiencePlan.Target] {
        var byName: [String: AudiencePlan.Target] = [:]
        for audience in audiences { byName[audience.name] = audience }
        var done: Set<String> = []
        var path: [String] = []
        var order: [AudiencePlan.Target] = []

        func visit(_ target: AudiencePlan.Target) throws(AudienceError) {
            if done.contains(target.name) { return }
            if let start = path.firstIndex(of: target.name) {
                let circle = (path[start...] + [target.name]).map { "'\($0)'" }.joined(separator: " -> ")
                throw AudienceError(.cycle, "audiences depend on each other in a circle: \(circle)", field: "predicate")
            }
            path.append(target.name)
            for name in target.predicate?.audiences.sorted() ?? [] {
                if let other = byName[name] { try visit(other) }
            }
            path.removeLast()
            done.insert(target.name)
            order.append(target)
        }
        for audience in audiences.sorted(by: { $0.id < $1.id }) where wanted?.contains(audience.id) ?? true {
            try visit(audience)
        }
        return order
    }
}
