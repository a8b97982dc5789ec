import Analysis
import Audiences
import RandomCases

/// Draws predicates over a small world of events, properties and traits, so that conditions meet and collide.
struct RandomPredicate {
    static let events = ["Page Viewed", "Order Completed", "Order Cancelled", "쿠폰 사용", "Say \"hi\""]
    static let texts = ["서울", "Busan", "a\"b\\c", "line\nbreak", "", "3", "true", "2024-03-10"]
    static let zones = ["Asia/Seoul", "America/New_York", "Europe/London", "UTC", "Pacific/Auckland"]

    var random: SeededRandom
    /// Conditions on other audiences are drawn from these.
    var audiences: [String] = []

    init(_ seed: Int) { random = SeededRandom(seed) }

    mutating func predicate(depth: Int = 3) -> AudiencePredicate {
        if depth > 0, random.chance(40) {
            switch random.roll(0...2) {
            case 0: return .and((0..<random.roll(2...3)).map { _ in predicate(depth: depth - 1) })
            case 1: return .or((0..<random.roll(2...3)).map { _ in predicate(depth: depth - 1) })
            default: return .not(predicate(depth: depth - 1))
            }
        }
        switch random.roll(0...13) {
        case 0...6: return .event(event())
        case 7, 8: return .sequence(sequence())
        case 9, 10: return .trait(trait())
        case 11:
            return random.chance(50)
                ? .groupTrait(kind: random.chance(50) ? nil : "company", trait())
                : .group(kind: random.pick(["company", "가족"]), id: random.chance(50) ? nil : "acme")
        case 12:
            return .consent(
                ConsentQuestion(
                    random.pick(["push", "email", "알림톡"]), purpose: random.chance(50) ? nil : "marketing",
                    atNight: random.chance(30)))
        default:
            if !audiences.isEmpty, random.chance(60) { return .audience(random.pick(audiences)) }
            return random.chance(20) ? .everyone : .role(random.pick([["customer"], ["partner", "customer"]]))
        }
    }

    mutating func names() -> [String]? {
        switch random.roll(0...6) {
        case 0: nil
        case 1: ["Order Completed", "쿠폰 사용"]
        default: [random.pick(Self.events)]
        }
    }

    mutating func event() -> EventCondition {
        var condition = EventCondition(names())
        switch random.roll(0...8) {
        case 0...2: break
        case 3, 4: condition.question = .times(comparison())
        case 5: condition.question = .days(comparison())
        case 6, 7:
            condition.question = .measure(
                random.pick(EventCondition.Measure.allCases), of: random.pick(["total", "city", "tags", "scores"]),
                comparison())
        default: condition.question = random.chance(50) ? .first : .last
        }
        let needsWindow = condition.question == .first || condition.question == .last
        if needsWindow || random.chance(70) { condition.window = window(ahead: false) }
        if random.chance(40) { condition.filter = filter(depth: 2) }
        condition.isLocal = random.chance(30)
        return condition
    }

    mutating func comparison() -> NumberComparison {
        let bound = Double(random.roll(0...4))
        return switch random.roll(0...5) {
        case 0: .atMost(bound)
        case 1: .exactly(bound)
        case 2: .moreThan(bound)
        case 3: .lessThan(bound)
        case 4: .between(bound, bound + Double(random.roll(0...2)))
        // At least one is the same as not saying it, which is how it is written.
        default: .atLeast(bound + 0.5)
        }
    }

    mutating func sequence() -> SequenceCondition {
        var steps = [SequenceCondition.Step(names(), where: random.chance(30) ? filter(depth: 1) : nil)]
        let absent: SequenceCondition.Step? =
            random.chance(40)
            ? .init(names(), where: random.chance(30) ? filter(depth: 1) : nil, within: fixed()) : nil
        for _ in 0..<random.roll(absent == nil ? 1...2 : 0...2) {
            steps.append(
                .init(
                    names(), where: random.chance(30) ? filter(depth: 1) : nil,
                    within: random.chance(60) ? fixed() : nil))
        }
        return SequenceCondition(
            steps, absent: absent, window: random.chance(50) ? window(ahead: false) : nil,
            isLocal: random.chance(30))
    }

    mutating func fixed() -> TimeLength {
        random.pick([.init(30, .minute), .init(2, .hour), .init(1, .day), .init(3, .day), .init(90, .second)])
    }

    mutating func length() -> TimeLength {
        random.chance(30)
            ? random.pick([.init(1, .month), .init(2, .month), .init(1, .year)])
            : random.pick([.init(12, .hour), .init(1, .day), .init(7, .day), .init(2, .week), .init(30, .day)])
    }

    mutating func date() -> TimePoint {
        let texts = ["2024-03-10", "2024-03-31", "2024-02-29T23:30:00+09:00", "2024-03-20T06:00", "2024-01-05"]
        // Only well-formed dates are in the list.
        return DayPoint(random.pick(texts)).map { .date($0) } ?? .ago(TimeLength(1, .day))
    }

    mutating func point(ahead: Bool) -> TimePoint {
        if ahead, random.chance(30) { return .fromNow(length()) }
        return random.chance(50) ? date() : .ago(length())
    }

    mutating func window(ahead: Bool) -> TimeWindow {
        switch random.roll(0...(ahead ? 7 : 6)) {
        case 0, 1: return .last(length())
        case 2: return .before(point(ahead: ahead))
        case 3: return random.chance(50) ? .after(point(ahead: ahead)) : .since(point(ahead: ahead))
        case 4: return .between(point(ahead: ahead), point(ahead: ahead))
        case 5:
            let periods = CalendarPeriod.allCases.filter { ahead || !$0.rawValue.hasPrefix("next") && $0 != .tomorrow }
            return .period(random.pick(periods))
        case 6: return DayPoint(random.pick(["2024-03-10", "2024-03-30"])).map { .on($0) } ?? .period(.today)
        default: return .next(length())
        }
    }

    mutating func filter(depth: Int) -> Filter {
        if depth > 0, random.chance(35) {
            switch random.roll(0...2) {
            case 0: return .and([filter(depth: depth - 1), filter(depth: depth - 1)])
            case 1: return .or([filter(depth: depth - 1), filter(depth: depth - 1)])
            default: return .not(filter(depth: depth - 1))
            }
        }
        let (op, values) = valueTest(dates: true)
        return .test(
            FilterTest(
                subject: .property(random.pick(["total", "city", "tags", "scores", "where", "결제.수단"])), op: op,
                values: values))
    }

    mutating func trait() -> TraitCondition {
        let name = random.pick(["city", "score", "renews_at", "plan", "생일"])
        if random.chance(40) { return TraitCondition(name, .time(window(ahead: true)), isLocal: random.chance(30)) }
        let (op, values) = valueTest(dates: false)
        return TraitCondition(name, .value(op, values))
    }

    private mutating func value() -> FilterValue {
        switch random.roll(0...5) {
        case 0: .number(Double(random.roll(-2...5)))
        case 1: .number(0.5)
        case 2: .boolean(random.chance(50))
        default: .string(random.pick(Self.texts))
        }
    }

    private mutating func valueTest(dates: Bool) -> (FilterOperator, [FilterValue]) {
        switch random.roll(0...(dates ? 12 : 10)) {
        case 0: (.equals, [value()])
        case 1: (.notEquals, [value()])
        case 2: (.oneOf, [value(), value()])
        case 3: (.notOneOf, [value()])
        case 4: (.contains, [.string("s")])
        case 5: (.notContains, [.string("서"), .string("u")])
        case 6: (random.pick([.regex, .notRegex]), [.string(#"^[0-9]+$|서\w"#)])
        case 7: (random.pick([.greater, .greaterOrEqual]), [.number(2)])
        case 8: (random.pick([.less, .lessOrEqual]), [.number(1.5)])
        case 9: (.between, [.number(-1), .number(3)])
        case 10: (random.pick([.isSet, .isNotSet]), [])
        case 11: (random.pick([.dateBefore, .dateAfter]), [.string("2024-03-10")])
        default: (.dateBetween, [.string("2024-03-01"), .string("2024-03-31T00:00")])
        }
    }
}
