package import Analysis

/// Who belongs to an audience: a condition on a person's events, traits, groups, consents, role and other audiences.
///
/// It is written as text or as JSON, and both can be converted into each other (docs/AUDIENCES.md):
///
/// ```
/// did "Order Completed" at least 2 times in the last 30 days where total >= 50000
///     and did not "Order Cancelled" in the last 90 days and trait city in ("Seoul", "Busan") and consents to push
/// ```
package indirect enum AudiencePredicate: Sendable, Hashable {
    case everyone
    case event(EventCondition)
    case sequence(SequenceCondition)
    case trait(TraitCondition)
    /// In one of the person's groups of a kind (nil: of any kind), a trait of the group.
    case groupTrait(kind: String?, TraitCondition)
    /// In a group of a kind; `id` nil is any.
    case group(kind: String, id: String?)
    case consent(ConsentQuestion)
    /// The person has one of these roles.
    case role([String])
    /// The person is in another audience.
    case audience(String)
    case and([AudiencePredicate])
    case or([AudiencePredicate])
    case not(AudiencePredicate)
}

/// How a number must compare.
package enum NumberComparison: Sendable, Hashable {
    case atLeast(Double)
    case atMost(Double)
    case exactly(Double)
    case moreThan(Double)
    case lessThan(Double)
    /// Both included.
    case between(Double, Double)

    @inline(__always)
    package func holds(_ number: Double) -> Bool {
        switch self {
        case .atLeast(let bound): number >= bound
        case .atMost(let bound): number <= bound
        case .exactly(let bound): number == bound
        case .moreThan(let bound): number > bound
        case .lessThan(let bound): number < bound
        case .between(let low, let high): number >= low && number <= high
        }
    }
}

/// What the events of one kind are asked: how many, how much, when.
package struct EventCondition: Sendable, Hashable {
    package enum Question: Sendable, Hashable {
        /// The number of events.
        case times(NumberComparison)
        /// The number of local days with one.
        case days(NumberComparison)
        case measure(Measure, of: String, NumberComparison)
        /// The time of the first matching event lies in the window.
        case first
        /// The time of the last matching event lies in the window.
        case last
    }

    /// How a property's values become one number. The sum of nothing and the number of different values of nothing are
    /// 0; the average, least and greatest of nothing compare with nothing.
    package enum Measure: String, Sendable, CaseIterable {
        case sum
        case average
        case minimum
        case maximum
        /// Different values.
        case distinct
    }

    /// Nil is every event.
    package var events: [String]?
    package var question: Question
    /// Nil is all the time until now.
    package var window: TimeWindow?
    /// On properties of the event.
    package var filter: Filter?
    /// Days and dates are those of the person's own time zone instead of the workspace's.
    package var isLocal: Bool

    package init(
        _ events: [String]?, _ question: Question = .times(.atLeast(1)), window: TimeWindow? = nil,
        where filter: Filter? = nil, isLocal: Bool = false
    ) {
        self.events = events
        self.question = question
        self.window = window
        self.filter = filter
        self.isLocal = isLocal
    }
}

/// Events one after another.
package struct SequenceCondition: Sendable, Hashable {
    package struct Step: Sendable, Hashable {
        /// Nil is every event.
        package var events: [String]?
        package var filter: Filter?
        /// At most that long after the event of the step before.
        package var within: TimeLength?

        package init(_ events: [String]?, where filter: Filter? = nil, within: TimeLength? = nil) {
            self.events = events
            self.filter = filter
            self.within = within
        }
    }

    /// At least one; with `absent` nil at least two. Each event comes after the one before in the person's history.
    package var steps: [Step]
    /// Something that did not follow the last step within its time, which must have passed.
    package var absent: Step?
    /// The events of all steps lie in it (`absent` may come later).
    package var window: TimeWindow?
    package var isLocal: Bool

    package init(_ steps: [Step], absent: Step? = nil, window: TimeWindow? = nil, isLocal: Bool = false) {
        self.steps = steps
        self.absent = absent
        self.window = window
        self.isLocal = isLocal
    }
}

/// A condition on a trait of a person or group.
package struct TraitCondition: Sendable, Hashable {
    package enum Test: Sendable, Hashable {
        /// Any operator of a filter but those on dates.
        case value(FilterOperator, [FilterValue])
        /// The trait is a time (or a text that is wholly an ISO date or time) in the window.
        case time(TimeWindow)
    }

    package var name: String
    package var test: Test
    package var isLocal: Bool

    package init(_ name: String, _ test: Test, isLocal: Bool = false) {
        self.name = name
        self.test = test
        self.isLocal = isLocal
    }

    package init(_ name: String, _ op: FilterOperator, _ values: FilterValue...) {
        self.init(name, .value(op, values))
    }
}

/// Whether the person allows something.
package struct ConsentQuestion: Sendable, Hashable {
    package var channel: String
    /// Nil is messages of any purpose that the workspace takes as the usual one.
    package var purpose: String?
    /// At night, for which Korean law wants a consent of its own.
    package var atNight: Bool

    package init(_ channel: String, purpose: String? = nil, atNight: Bool = false) {
        self.channel = channel
        self.purpose = purpose
        self.atNight = atNight
    }
}

extension AudiencePredicate {
    /// Whether any part of it holds.
    func contains(_ holds: (AudiencePredicate) -> Bool) -> Bool {
        if holds(self) { return true }
        switch self {
        case .and(let list), .or(let list): return list.contains { $0.contains(holds) }
        case .not(let inner): return inner.contains(holds)
        default: return false
        }
    }

    /// Calls `body` with each condition that is not made of others.
    func forEachCondition(_ body: (AudiencePredicate) -> Void) {
        switch self {
        case .and(let list), .or(let list): for part in list { part.forEachCondition(body) }
        case .not(let inner): inner.forEachCondition(body)
        default: body(self)
        }
    }

    /// The names of the audiences that it mentions.
    package var audiences: Set<String> {
        var names: Set<String> = []
        forEachCondition { if case .audience(let name) = $0 { names.insert(name) } }
        return names
    }
}
