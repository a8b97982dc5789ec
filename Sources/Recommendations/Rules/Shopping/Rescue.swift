import Foundation

/// What to offer when a search finds nothing.
package struct Rescue: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// A known term that is spelled nearly so.
        case spelling
        /// What was typed with the keyboard set to Latin letters.
        case keyboard
        /// What people who searched for it tried next, and found.
        case rephrased
    }

    package struct Suggestion: Sendable, Hashable {
        package var term: String
        package var kind: Kind
        /// From 0 to 1: how sure it is that this was meant.
        package var score: Double
        /// How often the suggested term led somewhere.
        package var count: Int
    }

    package var term: String
    package var suggestions: [Suggestion]
    /// Where the term leads, if that can be told.
    package var category: (name: String, probability: Double)?
    /// The most popular there; without a category nothing.
    package var items: [String]

    package static func == (left: Rescue, right: Rescue) -> Bool {
        left.term == right.term && left.suggestions == right.suggestions && left.items == right.items
            && left.category?.name == right.category?.name
            && left.category?.probability == right.category?.probability
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(term)
        hasher.combine(suggestions)
        hasher.combine(items)
    }
}

extension ShoppingTables {
    /// Of the letters, the share that may differ.
    private static let farthest = 0.34
    private static let suggestionsMax = 5

    /// - Complexity: O(terms that led somewhere), a few comparisons of letters for most.
    func rescue(_ text: String, threshold: Double = TermCategories.threshold) -> Rescue {
        let term = TermText.normal(text)
        var found: [String: Rescue.Suggestion] = [:]
        func offer(_ suggestion: Rescue.Suggestion) {
            guard suggestion.term != term, suggestion.score > found[suggestion.term]?.score ?? 0 else { return }
            found[suggestion.term] = suggestion
        }
        for suggestion in spelled(Jamo.letters(of: term), .spelling) { offer(suggestion) }
        if let typed = KoreanKeyboard.korean(typed: text.precomposedStringWithCanonicalMapping) {
            for var suggestion in spelled(Jamo.letters(of: TermText.normal(typed)), .keyboard) {
                // Nobody types a Korean word in Latin letters on purpose.
                suggestion.score = min(1, suggestion.score * 1.1)
                offer(suggestion)
            }
        }
        for suggestion in rephrased(term) { offer(suggestion) }
        let suggestions = found.values.sorted {
            $0.score != $1.score ? $0.score > $1.score : ($1.count, $0.term) < ($0.count, $1.term)
        }
        let best = Array(suggestions.prefix(Self.suggestionsMax))
        // A misspelt term's own pieces mislead; what was meant tells where it leads.
        let own = leading.answer(term, threshold: threshold)
        let meant = best.first.map { leading.answer($0.term, threshold: threshold) }
        let answer = own.leads ? own : meant?.leads == true ? meant : nil
        let category = answer?.categories.first
        return Rescue(
            term: term, suggestions: best, category: category.map { ($0.category, $0.probability) },
            items: category.flatMap { popular[$0.category] } ?? [])
    }

    private func spelled(_ letters: [Character], _ kind: Rescue.Kind) -> [Rescue.Suggestion] {
        guard letters.count >= 2 else { return [] }
        let most = max(1, Int(Double(letters.count) * Self.farthest))
        return led.compactMap { known in
            guard abs(known.letters.count - letters.count) <= most else { return nil }
            let distance = Jamo.distance(letters, known.letters, most: most)
            guard distance <= most else { return nil }
            let closeness = 1 - Double(distance) / Double(max(letters.count, known.letters.count))
            // Of two that are as close, the one that many look for.
            let fame = 1 - 1 / (1 + log1p(Double(known.count)))
            return Rescue.Suggestion(
                term: known.term, kind: kind, score: closeness * closeness * (0.8 + 0.2 * fame), count: known.count)
        }
    }

    private func rephrased(_ term: String) -> [Rescue.Suggestion] {
        guard let counts = terms[term] else { return [] }
        return counts.next.compactMap { number, count in
            let next = termNames[Int(number)]
            guard let known = terms[next], known.led > 0, count >= 2 else { return nil }
            // People look for one thing after another: only what follows more often than chance was meant instead.
            let missed = Double(counts.searches - counts.led)
            let expected = missed * Double(known.searches) / Double(max(1, searches))
            guard Poisson.upperTail(count, mean: expected) < 0.001 else { return nil }
            let share = Double(count) / (Double(counts.searches - counts.led) + 2)
            let success = Double(known.led) / Double(max(1, known.searches))
            return Rescue.Suggestion(
                term: next, kind: .rephrased, score: min(1, 0.4 + share) * success, count: known.led)
        }
    }
}

extension Rescue.Kind {
    package var reason: Wording {
        switch self {
        case .spelling: Wording(rawValue, en: "spelled nearly so", ko: "비슷하게 쓰는 말입니다")
        case .keyboard:
            Wording(rawValue, en: "typed with the keyboard set to Latin letters", ko: "한글 대신 영문으로 입력한 말입니다")
        case .rephrased:
            Wording(rawValue, en: "what people who searched for it tried next", ko: "같은 말을 찾던 분들이 다시 찾은 말입니다")
        }
    }
}
