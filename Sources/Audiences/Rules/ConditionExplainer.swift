import Analysis
import EventLog

/// Says what a predicate finds in one person, part by part.
struct ConditionExplainer {
    typealias Part = AudienceExplanation.Part
    typealias Words = AudienceExplanation.Words

    let evaluator: PersonEvaluator
    let person: PersonEvaluator.Person
    /// The predicates of other audiences, by name.
    let predicates: [String: AudiencePredicate]

    func explain(_ predicate: AudiencePredicate) -> Part {
        switch predicate {
        case .and(let list):
            let parts = list.map(explain)
            return group("and", predicate, parts, parts.allSatisfy(\.holds))
        case .or(let list):
            let parts = list.map(explain)
            return group("or", predicate, parts, parts.contains(where: \.holds))
        case .not(let inner):
            let part = explain(inner)
            return Part(kind: "not", text: predicate.text, holds: !part.holds, found: part.found, parts: [part])
        default:
            guard let number = evaluator.plan.number(of: predicate) else {
                return Part(kind: "condition", text: predicate.text, holds: false, found: .nothing, parts: [])
            }
            let condition = evaluator.plan.conditions[number]
            let holds = evaluator.evaluate(condition, person)
            var parts: [Part] = []
            if case .audience(let name) = predicate, let other = predicates[name] { parts = [explain(other)] }
            return Part(
                kind: "condition", text: predicate.text, holds: holds, found: found(predicate, condition, holds),
                parts: parts)
        }
    }

    private func group(_ kind: String, _ predicate: AudiencePredicate, _ parts: [Part], _ holds: Bool) -> Part {
        let count = parts.count(where: \.holds)
        return Part(
            kind: kind, text: predicate.text, holds: holds,
            found: Words(
                en: "\(count) of \(parts.count) conditions hold", ko: "조건 \(parts.count)개 중 \(count)개 충족"),
            parts: parts)
    }

    private func found(_ predicate: AudiencePredicate, _ condition: AudiencePlan.Condition, _ holds: Bool) -> Words {
        switch (predicate, condition) {
        case (.event(let event), _): return found(event, condition)
        case (.sequence(let sequence), .sequence(let number)):
            let compiled = evaluator.plan.sequences[number]
            let window = evaluator.window(compiled.window).past(evaluator.moment.now)
            let reached = evaluator.reach(compiled, window, person)
            let total = sequence.steps.count
            if reached == total, sequence.absent != nil {
                return holds
                    ? Words(en: "the steps came, and nothing followed in time", ko: "모든 단계를 거쳤고 그 뒤 기한 안에 이어진 행동 없음")
                    : Words(en: "the last step has followed, or may still", ko: "이어진 행동이 있었거나 아직 기한이 남음")
            }
            return Words(en: "reached step \(reached) of \(total)", ko: "\(total)단계 중 \(reached)단계까지 진행")
        case (.trait, .trait(let number, _)), (.trait, .traitTime(let number, _)):
            return value(person.facts.traits[number])
        case (.groupTrait, .groupTrait(let kind, let trait, _, _)),
            (.groupTrait, .groupTraitTime(let kind, let trait, _)):
            let values = person.facts.groups
                .filter { kind < 0 || $0.kind == evaluator.plan.kinds[kind] }
                .map { "\($0.kind) \($0.id): \(text($0.traits[trait]) ?? "-")" }
            return values.isEmpty
                ? Words(en: "in no such group", ko: "해당 그룹 없음")
                : Words(en: values.joined(separator: "; "), ko: values.joined(separator: "; "))
        case (.group, _):
            let names = person.facts.groups.map { "\($0.kind) \($0.id)" }.joined(separator: ", ")
            return names.isEmpty ? Words(en: "in no group", ko: "속한 그룹 없음") : Words(en: names, ko: names)
        case (.consent, _):
            return holds ? Words(en: "consents", ko: "동의함") : Words(en: "does not consent", ko: "동의하지 않음")
        case (.role, _):
            let roles = person.facts.roles.joined(separator: ", ")
            return roles.isEmpty ? Words(en: "has no role", ko: "역할 없음") : Words(en: roles, ko: roles)
        case (.audience, _):
            return holds
                ? Words(en: "is in that audience", ko: "그 오디언스에 속함")
                : Words(en: "is not in that audience", ko: "그 오디언스에 속하지 않음")
        default: return Words(en: "always", ko: "항상")
        }
    }

    // MARK: Events

    private func found(_ event: EventCondition, _ condition: AudiencePlan.Condition) -> Words {
        switch (event.question, condition) {
        case (.times(let needed), .times(let stream, let window, _)):
            let resolved = evaluator.window(window).past(evaluator.moment.now)
            let count = evaluator.view(stream, person).indices(in: resolved).count
            return Words(
                en: "\(count) \(count == 1 ? "time" : "times")\(needs(needed, " times").en)",
                ko: "\(count)번\(needs(needed, "번").ko)")
        case (.days(let needed), .days(let stream, let window, _)):
            let count = evaluator.days(evaluator.view(stream, person), window)
            return Words(
                en: "on \(count) \(count == 1 ? "day" : "days")\(needs(needed, " days").en)",
                ko: "서로 다른 \(count)일\(needs(needed, "일").ko)")
        case (
            .measure(let measure, let name, let needed), .measure(let stream, let window, _, let property, _)
        ):
            let value = evaluator.measure(
                measure, of: property, evaluator.view(stream, person), evaluator.window(window), person)
            let text = value.map(NumberText.of)
            return Words(
                en: "\(measure.rawValue) of \(name): \(text ?? "nothing to measure")\(needs(needed, "").en)",
                ko: "\(name) \(measure.korean): \(text ?? "값 없음")\(needs(needed, "").ko)")
        case (.first, .first(let stream, _)):
            return time(evaluator.view(stream, person), isLast: false)
        case (.last, .last(let stream, _)):
            return time(evaluator.view(stream, person), isLast: true)
        default: return .nothing
        }
    }

    private func needs(_ comparison: NumberComparison, _ unit: String) -> Words {
        // Without a number in the text, a single occurrence is meant.
        let words = comparison.words(unit)
        return Words(en: " (needed: \(words.en))", ko: " (기준: \(words.ko))")
    }

    private func time(_ view: StreamView, isLast: Bool) -> Words {
        let end = view.firstIndex(from: evaluator.moment.now + 1)
        guard end > 0 else { return Words(en: "never", ko: "한 적 없음") }
        let text = LocalClock(timeZone: evaluator.plan.zone.zone).label(at: view.time(isLast ? end - 1 : 0))
        return isLast
            ? Words(en: "last time: \(text)", ko: "마지막: \(text)") : Words(en: "first time: \(text)", ko: "처음: \(text)")
    }

    // MARK: Values

    private func value(_ value: PropertyValue?) -> Words {
        guard let text = text(value) else { return Words(en: "not set", ko: "값 없음") }
        return Words(en: "is \(text)", ko: "값: \(text)")
    }

    private func text(_ value: PropertyValue?) -> String? {
        switch value {
        case nil: nil
        case .string(let text): "\"\(text)\""
        case .number(let number): NumberText.of(number)
        case .boolean(let flag): "\(flag)"
        case .time(let time): LocalClock(timeZone: evaluator.plan.zone.zone).label(at: time)
        case .strings(let list): list.map { "\"\($0)\"" }.joined(separator: ", ")
        case .numbers(let list): list.map(NumberText.of).joined(separator: ", ")
        case .booleans(let list): list.map { "\($0)" }.joined(separator: ", ")
        case .times(let list):
            list.map { LocalClock(timeZone: evaluator.plan.zone.zone).label(at: $0) }.joined(separator: ", ")
        }
    }
}

extension AudienceExplanation.Words {
    static let nothing = AudienceExplanation.Words(en: "", ko: "")
}

extension EventCondition.Measure {
    fileprivate var korean: String {
        switch self {
        case .sum: "합계"
        case .average: "평균"
        case .minimum: "최솟값"
        case .maximum: "최댓값"
        case .distinct: "서로 다른 값의 수"
        }
    }
}

extension NumberComparison {
    /// `at least 2 times`, `2번 이상`.
    fileprivate func words(_ unit: String) -> AudienceExplanation.Words {
        func text(_ number: Double) -> String { NumberText.of(number) }
        return switch self {
        case .atLeast(let bound): .init(en: "at least \(text(bound))\(unit)", ko: "\(text(bound))\(unit) 이상")
        case .atMost(let bound): .init(en: "at most \(text(bound))\(unit)", ko: "\(text(bound))\(unit) 이하")
        case .exactly(let bound): .init(en: "exactly \(text(bound))\(unit)", ko: "정확히 \(text(bound))\(unit)")
        case .moreThan(let bound): .init(en: "more than \(text(bound))\(unit)", ko: "\(text(bound))\(unit) 초과")
        case .lessThan(let bound): .init(en: "less than \(text(bound))\(unit)", ko: "\(text(bound))\(unit) 미만")
        case .between(let low, let high):
            .init(
                en: "between \(text(low)) and \(text(high))\(unit)", ko: "\(text(low))\(unit)에서 \(text(high))\(unit) 사이"
            )
        }
    }
}
