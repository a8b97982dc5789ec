import Analysis
import EventLog

extension PersonEvaluator {
    /// Whether a condition holds for the person; notes when time alone may change that.
    func evaluate(_ condition: AudiencePlan.Condition, _ person: Person) -> Bool {
        switch condition {
        case .everyone: return true
        case .nobody: return false
        case .times(let stream, let window, let comparison):
            return times(view(stream, person), self.window(window).past(moment.now), comparison)
        case .days(let stream, let window, let comparison):
            return comparison.holds(Double(days(view(stream, person), window)))
        case .measure(let stream, let window, let measure, let property, let comparison):
            let value = self.measure(measure, of: property, view(stream, person), self.window(window), person)
            return value.map(comparison.holds) ?? false
        case .first(let stream, let window):
            return isFirst(view(stream, person), self.window(window))
        case .last(let stream, let window):
            return isLast(view(stream, person), self.window(window))
        case .sequence(let number): return sequence(plan.sequences[number], person)
        case .trait(let trait, let matcher): return plan.matchers[matcher].holds(person.facts.traits[trait])
        case .traitTime(let trait, let window): return isTime(person.facts.traits[trait], in: window)
        case .groupTrait(let kind, let trait, let matcher, let isNegative):
            let groups = person.facts.groups.filter { kind < 0 || $0.kind == plan.kinds[kind] }
            let holds: (GroupFacts) -> Bool = { self.plan.matchers[matcher].holds($0.traits[trait]) }
            return isNegative ? groups.allSatisfy(holds) : groups.contains(where: holds)
        case .groupTraitTime(let kind, let trait, let window):
            var found = false
            for group in person.facts.groups where kind < 0 || group.kind == plan.kinds[kind] {
                if isTime(group.traits[trait], in: window) { found = true }
            }
            return found
        case .group(let number):
            let (kind, id) = plan.groups[number]
            return person.facts.groups.contains { $0.kind == kind && (id == nil || $0.id == id) }
        case .consent(let number): return person.facts.consents[number]
        case .role(let number): return person.facts.roles.contains(where: plan.roles[number].contains)
        case .target(let number): return members[number]
        case .stored(let id): return person.isStored(id)
        }
    }

    // MARK: Events

    @inline(__always)
    private func times(_ view: StreamView, _ window: ResolvedWindow, _ comparison: NumberComparison) -> Bool {
        let range = view.indices(in: window)
        let holds = comparison.holds(Double(range.count))
        if case .atLeast(let bound) = comparison {
            // More events keep it true, so it ends when the last but `bound` leaves.
            if holds {
                let needed = bound <= 1 ? 1 : Int(bound.rounded(.up))
                if needed <= range.count, let end = window.leaving(view.time(range.upperBound - needed)) {
                    changes(at: end)
                }
            } else if range.upperBound < view.count, let begin = window.entering(view.time(range.upperBound)) {
                changes(at: begin)
            }
            return holds
        }
        changes(at: view.nextChange(range, window))
        return holds
    }

    /// Different local days with an event.
    func days(_ view: StreamView, _ window: Int) -> Int {
        let resolver = resolver(ofWindow: window)
        let resolved = self.window(window).past(moment.now)
        let range = view.indices(in: resolved)
        changes(at: view.nextChange(range, resolved))
        var days = 0
        var last = Int.min
        for index in range {
            let day = resolver.dayNumber(view.time(index))
            // Where clocks went back over midnight a date can come twice, but no date comes back after another one.
            if day > last {
                days += 1
                last = day
            }
        }
        return days
    }

    /// Nil when there is nothing to measure.
    func measure(
        _ measure: EventCondition.Measure, of property: Int, _ view: StreamView, _ window: ResolvedWindow,
        _ person: Person
    ) -> Double? {
        let window = window.past(moment.now)
        let range = view.indices(in: window)
        changes(at: view.nextChange(range, window))
        if measure == .distinct {
            var values: Set<Int> = []
            for index in range {
                measured.forEachValue(person.rows[Int(view.places[index])], property) { values.insert($0) }
            }
            return Double(values.count)
        }
        var (sum, count, least, greatest) = (0.0, 0, Double.infinity, -Double.infinity)
        for index in range {
            measured.forEachNumber(person.rows[Int(view.places[index])], property) { number in
                sum += number
                count += 1
                least = min(least, number)
                greatest = max(greatest, number)
            }
        }
        return switch measure {
        case .sum: sum
        case .average: count == 0 ? nil : sum / Double(count)
        case .minimum: count == 0 ? nil : least
        case .maximum: count == 0 ? nil : greatest
        case .distinct: nil
        }
    }

    /// The time of the first event, if one has come.
    private func isFirst(_ view: StreamView, _ window: ResolvedWindow) -> Bool {
        guard view.count > 0 else { return false }
        let time = view.time(0)
        if time > moment.now {
            changes(at: time)
            return false
        }
        if let moment = window.nextChange(time) { changes(at: moment) }
        return window.contains(time)
    }

    private func isLast(_ view: StreamView, _ window: ResolvedWindow) -> Bool {
        let end = view.firstIndex(from: moment.now + 1)
        if end < view.count { changes(at: view.time(end)) }
        guard end > 0 else { return false }
        let time = view.time(end - 1)
        if let moment = window.nextChange(time) { changes(at: moment) }
        return window.contains(time)
    }

    // MARK: Times of traits

    private func isTime(_ value: PropertyValue?, in number: Int) -> Bool {
        let window = self.window(number)
        var found = false
        forEachTime(value, resolver(ofWindow: number).zone) { time in
            if window.contains(time) { found = true }
            if let moment = window.nextChange(time) { changes(at: moment) }
        }
        return found
    }

    /// Calls `body` with each time of a value: times, and texts that are wholly an ISO date or time.
    func forEachTime(_ value: PropertyValue?, _ zone: ZoneName, _ body: (Int64) -> Void) {
        func read(_ text: String) {
            guard let point = DayPoint(text), !point.isRelative else { return }
            body(point.range(now: moment.now, in: zone).lowerBound)
        }
        switch value {
        case .time(let time): body(time)
        case .times(let times): times.forEach(body)
        case .string(let text): read(text)
        case .strings(let texts): texts.forEach(read)
        default: break
        }
    }
}
