import Analysis
import Audiences
import EventLog
import Foundation

/// Decides predicates from their definition in docs/AUDIENCES.md, the obvious way: every event is looked at for every
/// condition, and the platform's calendar says what a day is.
struct SlowAudience {
    let person: TestPerson
    /// In time order, those of the same time in the order of their acknowledgement.
    let events: [Event]
    let now: Int64
    let zone: ZoneName
    var members: [String: Bool] = [:]

    func holds(_ predicate: AudiencePredicate) -> Bool {
        if !person.mayBeProfiled { return false }
        return isTrue(predicate)
    }

    private func isTrue(_ predicate: AudiencePredicate) -> Bool {
        switch predicate {
        case .everyone: true
        case .and(let list): list.allSatisfy(isTrue)
        case .or(let list): list.contains(where: isTrue)
        case .not(let inner): !isTrue(inner)
        case .event(let condition): isTrue(condition)
        case .sequence(let condition): isTrue(condition)
        case .trait(let condition): isTrue(condition, person.traits[condition.name])
        case .groupTrait(let kind, let condition): isTrue(kind, condition)
        case .group(let kind, let id): person.groups.contains { $0.kind == kind && (id == nil || $0.id == id) }
        case .consent(let question): person.consents.contains(question)
        case .role(let roles): roles.contains { person.roles.contains($0) }
        case .audience(let name): members[name] ?? false
        }
    }

    private func isTrue(_ kind: String?, _ condition: TraitCondition) -> Bool {
        let groups = person.groups.filter { kind == nil || $0.kind == kind }
        let results = groups.map { isTrue(condition, $0.traits[condition.name]) }
        if case .value(let op, _) = condition.test,
            [.notEquals, .notOneOf, .notContains, .notRegex, .isNotSet].contains(op)
        {
            return !results.contains(false)
        }
        return results.contains(true)
    }

    // MARK: Events

    private func localZone(_ isLocal: Bool) -> ZoneName {
        isLocal ? person.timeZone.flatMap { ZoneName($0) } ?? zone : zone
    }

    private var past: [Event] { events.filter { $0.time <= now } }

    private func matches(_ event: Event, _ names: [String]?, _ filter: Filter?) -> Bool {
        (names?.contains(event.name) ?? true) && (filter.map { matches(event, $0) } ?? true)
    }

    private func matches(_ event: Event, _ filter: Filter) -> Bool {
        switch filter {
        case .and(let list): return list.allSatisfy { matches(event, $0) }
        case .or(let list): return list.contains { matches(event, $0) }
        case .not(let inner): return !matches(event, inner)
        case .test(let test):
            guard case .property(let name) = test.subject,
                let matcher = try? TraitMatcher(test.op, test.values, zone: zone)
            else { return false }
            return matcher.holds(event[name])
        }
    }

    private func isTrue(_ condition: EventCondition) -> Bool {
        let zone = localZone(condition.isLocal)
        let all = past.filter { matches($0, condition.events, condition.filter) }
        let inside = all.filter { SlowWindow.contains($0.time, condition.window, now: now, zone) }
        switch condition.question {
        case .times(let comparison): return comparison.holds(Double(inside.count))
        case .days(let comparison):
            let calendar = zone.calendar()
            let days = Set(inside.map { calendar.startOfDay(for: SlowWindow.date($0.time)) })
            return comparison.holds(Double(days.count))
        case .measure(let measure, let property, let comparison):
            if measure == .distinct {
                return comparison.holds(Double(Set(inside.flatMap { elements($0[property]) }).count))
            }
            let numbers = inside.flatMap { elements($0[property]) }.compactMap { value -> Double? in
                if case .number(let number) = value { number } else { nil }
            }
            if measure == .sum { return comparison.holds(numbers.reduce(0, +)) }
            guard let least = numbers.min(), let greatest = numbers.max() else { return false }
            switch measure {
            case .minimum: return comparison.holds(least)
            case .maximum: return comparison.holds(greatest)
            default: return comparison.holds(numbers.reduce(0, +) / Double(numbers.count))
            }
        case .first: return all.first.map { SlowWindow.contains($0.time, condition.window, now: now, zone) } ?? false
        case .last: return all.last.map { SlowWindow.contains($0.time, condition.window, now: now, zone) } ?? false
        }
    }

    private func elements(_ value: PropertyValue?) -> [PropertyValue] {
        switch value {
        case nil: []
        case .strings(let list): list.map { .string($0) }
        case .numbers(let list): list.map { .number($0) }
        case .booleans(let list): list.map { .boolean($0) }
        case .times(let list): list.map { .time($0) }
        case let value?: [value]
        }
    }

    private func isTrue(_ condition: SequenceCondition) -> Bool {
        let zone = localZone(condition.isLocal)
        let past = past

        /// Whether the steps from `number` on can follow the event at `before`.
        func follows(_ number: Int, _ before: Int) -> Bool {
            guard number < condition.steps.count else { return condition.absent.map { stayedAway($0, before) } ?? true }
            let step = condition.steps[number]
            return past.indices.contains { index in
                guard index > before, matches(past[index], step.events, step.filter),
                    SlowWindow.contains(past[index].time, condition.window, now: now, zone)
                else { return false }
                if before >= 0, let within = step.within?.milliseconds, past[index].time - past[before].time > within {
                    return false
                }
                return follows(number + 1, index)
            }
        }

        func stayedAway(_ step: SequenceCondition.Step, _ before: Int) -> Bool {
            let deadline = past[before].time + (step.within?.milliseconds ?? 0)
            if now < deadline { return false }
            return !past.indices.contains {
                $0 > before && past[$0].time <= deadline && matches(past[$0], step.events, step.filter)
            }
        }
        return follows(0, -1)
    }

    // MARK: Traits

    private func isTrue(_ condition: TraitCondition, _ value: PropertyValue?) -> Bool {
        switch condition.test {
        case .value(let op, let values): return (try? TraitMatcher(op, values, zone: zone).holds(value)) ?? false
        case .time(let window):
            let zone = localZone(condition.isLocal)
            return elements(value).contains { value in
                switch value {
                case .time(let time): return SlowWindow.contains(time, window, now: now, zone)
                case .string(let text):
                    guard let point = DayPoint(text), !point.isRelative else { return false }
                    return SlowWindow.contains(
                        point.range(now: now, in: zone).lowerBound, window, now: now, zone)
                default: return false
                }
            }
        }
    }
}

/// What a window means, by the platform's calendar.
enum SlowWindow {
    static func date(_ time: Int64) -> Date { Date(timeIntervalSince1970: Double(time) / 1_000) }

    static func contains(_ time: Int64, _ window: TimeWindow?, now: Int64, _ zone: ZoneName) -> Bool {
        guard let window else { return true }
        switch window {
        case .last(let length): return time >= range(.ago(length), now, zone).lowerBound && time <= now
        case .next(let length): return time >= now && time < range(.fromNow(length), now, zone).upperBound
        case .before(let point): return time < range(point, now, zone).lowerBound
        case .after(let point): return time >= range(point, now, zone).upperBound
        case .since(let point): return time >= range(point, now, zone).lowerBound
        case .between(let first, let last):
            return time >= range(first, now, zone).lowerBound && time < range(last, now, zone).upperBound
        case .on(let day): return day.range(now: now, in: zone).contains(time)
        case .period(let period): return isIn(period, time, now, zone)
        }
    }

    private static func range(_ point: TimePoint, _ now: Int64, _ zone: ZoneName) -> Range<Int64> {
        switch point {
        case .date(let date): return date.range(now: now, in: zone)
        case .ago(let length): return range(length, sign: -1, now, zone)
        case .fromNow(let length): return range(length, sign: 1, now, zone)
        }
    }

    private static func range(_ length: TimeLength, sign: Int, _ now: Int64, _ zone: ZoneName) -> Range<Int64> {
        if let milliseconds = length.milliseconds {
            return now + Int64(sign) * milliseconds..<now + Int64(sign) * milliseconds + 1
        }
        let calendar = zone.calendar()
        let noon = calendar.date(bySettingHour: 12, minute: 0, second: 0, of: date(now)) ?? date(now)
        let unit: Calendar.Component = length.unit == .month ? .month : .year
        return DayPoint.localDay(
            of: milliseconds(calendar.date(byAdding: unit, value: sign * length.count, to: noon) ?? noon), in: zone)
    }

    private static func isIn(_ period: CalendarPeriod, _ time: Int64, _ now: Int64, _ zone: ZoneName) -> Bool {
        let calendar = zone.calendar()
        let words = period.words.split(separator: " ")
        let offset =
            words[0] == "this" || words[0] == "today" ? 0 : words[0] == "next" || words[0] == "tomorrow" ? 1 : -1
        let unit: Calendar.Component =
            switch words.last {
            case "week": .weekOfYear
            case "month": .month
            case "year": .year
            default: .day
            }
        // From the middle of the present period, so that no length of a month matters.
        guard let present = calendar.dateInterval(of: unit, for: date(now)),
            let other = calendar.date(byAdding: unit, value: offset, to: present.start),
            let interval = calendar.dateInterval(of: unit, for: other)
        else { return false }
        return time >= milliseconds(interval.start) && time < milliseconds(interval.end)
    }

    private static func milliseconds(_ date: Date) -> Int64 { Int64((date.timeIntervalSince1970 * 1_000).rounded()) }
}
