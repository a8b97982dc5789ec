import Foundation

/// Which category a search term leads to: the one that people who used it ended up in, and for a term that nobody used
/// yet the one that terms with the same pieces led to.
///
/// Unknown terms are judged by naive Bayes over pieces of two and three syllables, so no dictionary of Korean words is
/// needed. Its probabilities are too sure of themselves, because pieces of one word are not independent; a temperature
/// that is fitted on known terms, each judged without itself, makes them right on average (Guo et al., 2017). A known
/// term's own counts are then added to that.
package struct TermCategories: Sendable {
    /// What an answer rests on.
    package enum Basis: String, Sendable, Hashable, Codable, CaseIterable { case term, similar, nothing }

    package struct Answer: Sendable, Hashable {
        /// The likeliest first.
        package var categories: [(category: String, probability: Double)]
        package var basis: Basis
        /// How often the term led somewhere.
        package var count: Int
        /// Whether it leads to its first category: surely enough.
        package var leads: Bool

        package static func == (left: Answer, right: Answer) -> Bool {
            left.basis == right.basis && left.count == right.count && left.leads == right.leads
                && left.categories.elementsEqual(right.categories) { $0 == $1 }
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(basis)
            hasher.combine(count)
            for entry in categories { hasher.combine(entry.category) }
        }
    }

    package static let threshold = 0.6
    /// How many own counts weigh as much as all pieces together.
    static let ownStrength = 4.0
    /// What each piece is believed to have been met in each category.
    private static let smoothing = 0.05
    /// Terms that the temperature is fitted on.
    private static let fittedMax = 2_000

    private var counts: [String: [Int: Double]] = [:]
    private var names: [String] = []
    private var numbers: [String: Int] = [:]
    /// By piece: how much each category has of it.
    private var pieces: [String: [Int: Double]] = [:]
    private var ofCategory: [Double] = []
    private var prior: [Double] = []
    /// 1 is naive Bayes itself; higher is less sure.
    package private(set) var temperature = 4.0
    /// Of known terms, judged without themselves; nil when there are fewer than ten.
    package private(set) var logLoss: Double?

    /// - Parameter terms: by normal form, how often each led to each category.
    /// - Complexity: O(terms · pieces · categories)
    package init(_ terms: [String: [String: Int]]) {
        for (term, categories) in terms.sorted(by: { $0.key < $1.key }) {
            var own: [Int: Double] = [:]
            for (category, count) in categories.sorted(by: { $0.key < $1.key }) where count > 0 {
                own[number(of: category)] = Double(count)
            }
            guard !own.isEmpty else { continue }
            counts[term] = own
            change(term, own, by: 1)
        }
        let total = prior.reduce(0, +)
        prior = prior.map { ($0 + 1) / (total + Double(prior.count)) }
        fit()
    }

    private mutating func number(of category: String) -> Int {
        if let number = numbers[category] { return number }
        let number = names.count
        numbers[category] = number
        names.append(category)
        ofCategory.append(0)
        prior.append(0)
        return number
    }

    /// Adds a term to what is known of pieces. A term that is used a thousand times says more than one used once, but
    /// not a thousand times more: the square root counts.
    private mutating func change(_ term: String, _ own: [Int: Double], by sign: Double) {
        for (category, count) in own { prior[category] += sign * count }
        for piece in TermText.pieces(of: term) {
            for (category, count) in own {
                pieces[piece, default: [:]][category, default: 0] += sign * count.squareRoot()
                ofCategory[category] += sign * count.squareRoot()
            }
        }
    }

    // MARK: Asking

    /// Where a term leads.
    ///
    /// - Complexity: O(pieces · categories)
    package func answer(_ text: String, threshold: Double = threshold, most: Int = 5) -> Answer {
        let term = TermText.normal(text)
        let own = counts[term] ?? [:]
        let count = own.values.reduce(0, +)
        guard !names.isEmpty, !term.isEmpty else {
            return Answer(categories: [], basis: .nothing, count: 0, leads: false)
        }
        let scores = scores(term, without: nil)
        let similar = probabilities(scores ?? [Double](repeating: 0, count: names.count), temperature)
        let all = names.indices.map { category in
            (
                category: names[category],
                probability: ((own[category] ?? 0) + Self.ownStrength * similar[category])
                    / (count + Self.ownStrength)
            )
        }
        .sorted { $0.probability != $1.probability ? $0.probability > $1.probability : $0.category < $1.category }
        let basis: Basis = count >= Self.ownStrength ? .term : scores != nil ? .similar : .nothing
        return Answer(
            categories: Array(all.prefix(most)), basis: basis, count: Int(count),
            leads: basis != .nothing && (all.first?.probability ?? 0) >= threshold)
    }

    /// The logarithms of how likely each category makes the pieces of a term, without the term's own share of them.
    ///
    /// - Returns: nil when none of the pieces was met elsewhere.
    private func scores(_ term: String, without own: [Int: Double]?) -> [Double]? {
        var scores = [Double](repeating: 0, count: names.count)
        let roots = own?.mapValues { $0.squareRoot() } ?? [:]
        let all = TermText.pieces(of: term)
        let vocabulary = Double(max(1, pieces.count))
        let bases = names.indices.map { category in
            log(
                max(0, ofCategory[category] - (roots[category] ?? 0) * Double(all.count)) + Self.smoothing * vocabulary)
        }
        var known = 0
        for piece in all {
            guard let row = pieces[piece] else { continue }
            let rest = row.reduce(0) { $0 + max(0, $1.value - (roots[$1.key] ?? 0)) }
            guard rest > 1e-9 else { continue }
            known += 1
            for category in scores.indices {
                let met = max(0, (row[category] ?? 0) - (roots[category] ?? 0))
                scores[category] += log(met + Self.smoothing) - bases[category]
            }
        }
        return known > 0 ? scores : nil
    }

    private func probabilities(_ scores: [Double], _ temperature: Double) -> [Double] {
        let raw = scores.indices.map { log(prior[$0]) + scores[$0] / temperature }
        let most = raw.max() ?? 0
        let parts = raw.map { exp($0 - most) }
        let total = parts.reduce(0, +)
        return parts.map { $0 / total }
    }

    // MARK: Calibrating

    /// Chooses the temperature that makes known terms, each judged without itself, the likeliest.
    private mutating func fit() {
        let chosen = counts.sorted { left, right in
            let (a, b) = (left.value.values.reduce(0, +), right.value.values.reduce(0, +))
            return a != b ? a > b : left.key < right.key
        }.prefix(Self.fittedMax)
        let judged = chosen.compactMap { term, own in scores(term, without: own).map { (own, $0) } }
        guard judged.count >= 10 else { return }
        var best = (loss: Double.infinity, temperature: temperature)
        for step in 0...24 {
            let candidate = 0.5 * pow(1.2, Double(step))
            var (loss, weight) = (0.0, 0.0)
            for (own, scores) in judged {
                let p = probabilities(scores, candidate)
                let total = own.values.reduce(0, +)
                for (category, count) in own { loss -= count / total * log(max(p[category], 1e-12)) }
                weight += 1
            }
            if loss / weight < best.loss { best = (loss / weight, candidate) }
        }
        temperature = best.temperature
        logLoss = best.loss
    }
}
