import Analysis

/// Writes a predicate as text that `PredicateParser` reads back as the same predicate.
enum PredicatePrinter {
    static func text(_ predicate: AudiencePredicate) -> String { text(predicate, inside: .top) }

    private enum Place { case top, or, and, not }

    private static func text(_ predicate: AudiencePredicate, inside place: Place) -> String {
        switch predicate {
        case .and(let list):
            let text = list.map { self.text($0, inside: .and) }.joined(separator: " and ")
            return place == .and || place == .not ? "(\(text))" : text
        case .or(let list):
            let text = list.map { self.text($0, inside: .or) }.joined(separator: " or ")
            return place == .top ? text : "(\(text))"
        case .not(.event(let condition)):
            let did = event(condition)
            return did.hasPrefix("did ") ? "did not " + did.dropFirst(4) : "not " + did
        case .not(.sequence(let condition)): return "did not " + sequence(condition).dropFirst(4)
        case .not(let inner): return "not " + text(inner, inside: .not)
        case .everyone: return "everyone"
        case .event(let condition): return event(condition)
        case .sequence(let condition): return sequence(condition)
        case .trait(let condition): return "trait " + trait(condition)
        case .groupTrait(let kind, let condition):
            return "group " + (kind.map { name($0) + " " } ?? "") + "trait " + trait(condition)
        case .group(let kind, let id): return "in group " + name(kind) + (id.map { " " + quoted($0) } ?? "")
        case .consent(let question):
            return "consents to " + name(question.channel) + (question.purpose.map { " for " + name($0) } ?? "")
                + (question.atNight ? " at night" : "")
        case .role(let roles):
            return roles.count == 1
                ? "role is " + name(roles[0]) : "role in (\(roles.map(name).joined(separator: ", ")))"
        case .audience(let audience): return "in audience " + quoted(audience)
        }
    }

    // MARK: Events

    private static func event(_ condition: EventCondition) -> String {
        var parts = ["did", events(condition.events)]
        switch condition.question {
        case .times(.atLeast(1)): break
        case .times(let comparison): parts.append(words(comparison) + " times")
        case .days(let comparison): parts.append("on " + words(comparison) + " days")
        case .measure(let measure, let property, let comparison):
            parts.append("with \(measure.rawValue) of \(name(property)) \(words(comparison))")
        case .first: parts[0] = "first did"
        case .last: parts[0] = "last did"
        }
        if let window = condition.window { parts.append(self.window(window)) }
        if condition.isLocal { parts.append("in local time") }
        if let filter = condition.filter { parts.append("where " + self.filter(filter, isTop: true)) }
        return parts.joined(separator: " ")
    }

    private static func sequence(_ condition: SequenceCondition) -> String {
        var parts = ["did"]
        for (index, step) in condition.steps.enumerated() {
            if index > 0 { parts.append("then") }
            parts.append(self.step(step))
        }
        if let absent = condition.absent { parts += ["then not", step(absent)] }
        if let window = condition.window { parts.append(self.window(window)) }
        if condition.isLocal { parts.append("in local time") }
        return parts.joined(separator: " ")
    }

    private static func step(_ step: SequenceCondition.Step) -> String {
        events(step.events) + (step.within.map { " within " + length($0) } ?? "")
            + (step.filter.map { " where " + filter($0, isTop: true) } ?? "")
    }

    static func events(_ names: [String]?) -> String {
        guard let names else { return "any event" }
        return names.count == 1 ? quoted(names[0]) : "any of (\(names.map(quoted).joined(separator: ", ")))"
    }

    private static func words(_ comparison: NumberComparison) -> String {
        switch comparison {
        case .atLeast(let bound): "at least \(NumberText.of(bound))"
        case .atMost(let bound): "at most \(NumberText.of(bound))"
        case .exactly(let bound): "exactly \(NumberText.of(bound))"
        case .moreThan(let bound): "more than \(NumberText.of(bound))"
        case .lessThan(let bound): "less than \(NumberText.of(bound))"
        case .between(let low, let high): "between \(NumberText.of(low)) and \(NumberText.of(high))"
        }
    }

    // MARK: Times

    static func window(_ window: TimeWindow) -> String {
        switch window {
        case .last(let length): "in the last " + self.length(length)
        case .next(let length): "in the next " + self.length(length)
        case .period(let period): period.words
        case .before(.ago(let length)): "more than \(self.length(length)) ago"
        case .before(let point): "before " + self.point(point)
        case .after(let point): "after " + self.point(point)
        case .since(let point): "since " + self.point(point)
        case .between(let first, let last): "between \(point(first)) and \(point(last))"
        case .on(let day): "on " + day.description
        }
    }

    static func length(_ length: TimeLength) -> String {
        "\(length.count) \(length.unit.rawValue)\(length.count == 1 ? "" : "s")"
    }

    private static func point(_ point: TimePoint) -> String {
        switch point {
        // A moment with a space instead of the T is one word only in quotes.
        case .date(let date): date.description.contains(" ") ? quoted(date.description) : date.description
        case .ago(let length): self.length(length) + " ago"
        case .fromNow(let length): self.length(length) + " from now"
        }
    }

    // MARK: Values

    private static func filter(_ filter: Filter, isTop: Bool) -> String {
        switch filter {
        case .test(let test):
            guard case .property(let property) = test.subject else { return "" }
            return name(property) + " " + comparison(test.op, test.values)
        case .and(let list):
            let text = list.map { self.filter($0, isTop: false) }.joined(separator: " and ")
            return isTop ? text : "(\(text))"
        case .or(let list):
            // In an alternative, `a and b` needs no parentheses.
            return "(" + list.map { self.filter($0, isTop: true) }.joined(separator: " or ") + ")"
        case .not(let inner): return "not " + self.filter(inner, isTop: false)
        }
    }

    private static func trait(_ condition: TraitCondition) -> String {
        switch condition.test {
        case .value(let op, let values): name(condition.name) + " " + comparison(op, values)
        case .time(let window):
            name(condition.name) + " " + self.window(window) + (condition.isLocal ? " in local time" : "")
        }
    }

    private static func comparison(_ op: FilterOperator, _ values: [FilterValue]) -> String {
        let first = values.first.map(value) ?? ""
        let list = "(\(values.map(value).joined(separator: ", ")))"
        let one = values.count == 1 ? first : list
        switch op {
        case .equals: return "= " + first
        case .notEquals: return "!= " + first
        case .oneOf: return "in " + list
        case .notOneOf: return "not in " + list
        case .contains: return "contains " + one
        case .notContains: return "does not contain " + one
        case .regex: return "matches " + first
        case .notRegex: return "does not match " + first
        case .greater: return "> " + first
        case .greaterOrEqual: return ">= " + first
        case .less: return "< " + first
        case .lessOrEqual: return "<= " + first
        case .between: return "between " + values.map(value).joined(separator: " and ")
        case .isSet: return "is set"
        case .isNotSet: return "is not set"
        case .dateBefore: return "before " + quotedDate(values, 0)
        case .dateAfter: return "after " + quotedDate(values, 0)
        case .dateBetween: return "between \(quotedDate(values, 0)) and \(quotedDate(values, 1))"
        }
    }

    private static func quotedDate(_ values: [FilterValue], _ index: Int) -> String {
        let text = index < values.count ? values[index].description : ""
        return text.contains(" ") ? quoted(text) : text
    }

    private static func value(_ value: FilterValue) -> String {
        if case .string(let text) = value { quoted(text) } else { value.description }
    }

    static func name(_ name: String) -> String { PredicateWords.isPlain(name) ? name : quoted(name) }

    static func quoted(_ text: String) -> String {
        let plain = quoted(text, escaping: { $0.value < 0x20 || $0.properties.generalCategory == .format })
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return plain }
        // A mark that joins the quote or the letter of an escape would change what is read.
        let tokens = try? PredicateLexer.tokens(of: plain)
        if case .text(let read) = tokens?.first?.kind, read.unicodeScalars.elementsEqual(text.unicodeScalars) {
            return plain
        }
        return quoted(text, escaping: { $0.value < 0x20 || $0.value >= 0x80 })
    }

    private static func quoted(_ text: String, escaping: (Unicode.Scalar) -> Bool) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where escaping(scalar): quoted += "\\u{\(String(scalar.value, radix: 16))}"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension AudiencePredicate {
    /// The predicate as readable text; `AudiencePredicate(text:)` reads it back.
    package var text: String { PredicatePrinter.text(self) }

    /// - Throws: `AudienceError` with `syntax` and the place, or `invalid`.
    package init(text: String) throws(AudienceError) {
        self = try PredicateParser.parse(text)
        try check()
    }
}
