package import Statistics

/// What choosing for each person brought over showing everybody the first action, which needs no experiment: the
/// decisions in which the first was shown stand for all, weighted by how likely that was.
package struct Lift: Sendable, Hashable {
    package struct Line: Sendable, Hashable {
        /// The item whose pictures these are; nil for all together.
        package var subject: String?
        package var trials: Int
        package var persons: Int
        /// The mean reward of the decisions as they were made.
        package var chosen: Interval
        /// What the first action would have brought to all of them; nil when it was never shown.
        package var standard: Interval?
        /// `chosen` over `standard`, less 1: 0.1 is 10 % more. Nil when either brought nothing.
        package var lift: Interval?
        /// How many decisions for the first action the log is worth.
        package var effectiveTrials: Double
        /// Whether the interval is to be trusted: there are enough of both.
        package var isConclusive: Bool
    }

    package var overall: Line
    /// The subjects with the most trials first.
    package var subjects: [Line]
    package var confidence: Double

    private static let effectiveMin = 100.0
    private static let personsMin = 30

    /// - Parameters:
    ///   - subjectsMax: so many subjects, those with the most trials.
    ///   - confidence: such as 0.95.
    /// - Complexity: O(trials × log trials)
    package static func make(
        _ trials: [BanditTrial], subjectsMax: Int = 50, confidence: Double = 0.95
    ) -> Lift {
        let bySubject = Dictionary(grouping: trials.filter { $0.decision.subject != nil }) { $0.decision.subject ?? "" }
        let largest = bySubject.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.prefix(subjectsMax)
        return Lift(
            overall: line(nil, trials, confidence), subjects: largest.map { line($0.key, $0.value, confidence) },
            confidence: confidence)
    }

    /// Means and their ratio by linearisation, with a person's decisions as one observation (Liang and Zeger, 1986).
    private static func line(_ subject: String?, _ trials: [BanditTrial], _ confidence: Double) -> Line {
        let count = Double(max(1, trials.count))
        let weights = trials.map { $0.decision.chosen == 0 ? 1 / $0.decision.propensity : 0 }
        let (sum, squares) = weights.reduce(into: (0.0, 0.0)) { sums, weight in
            sums.0 += weight
            sums.1 += weight * weight
        }
        let numbers = personNumbers(trials)
        let z = NormalDistribution.standard.quantile(0.5 + confidence / 2)
        func deviation(_ influence: [Double]) -> Double {
            var sums = [Double](repeating: 0, count: numbers.count)
            for (place, part) in influence.enumerated() { sums[numbers.of[place]] += part }
            let correction = numbers.count > 1 ? Double(numbers.count) / Double(numbers.count - 1) : 1
            return (sums.reduce(0) { $0 + $1 * $1 } * correction).squareRoot() / count
        }
        func interval(_ value: Double, _ influence: [Double]) -> Interval {
            let half = z * deviation(influence)
            return Interval(estimate: value, low: value - half, high: value + half)
        }
        let chosen = trials.reduce(0) { $0 + $1.reward } / count
        let ofChosen = trials.map { $0.reward - chosen }
        var line = Line(
            subject: subject, trials: trials.count, persons: numbers.count, chosen: interval(chosen, ofChosen),
            standard: nil, lift: nil, effectiveTrials: squares > 0 ? sum * sum / squares : 0, isConclusive: false)
        guard sum > 0 else { return line }
        let standard = zip(weights, trials).reduce(0) { $0 + $1.0 * $1.1.reward } / sum
        let ofStandard = zip(weights, trials).map { $0 * ($1.reward - standard) * count / sum }
        line.standard = interval(standard, ofStandard)
        line.isConclusive = line.effectiveTrials >= effectiveMin && numbers.count >= personsMin
        guard standard > 0, chosen > 0 else { return line }
        let ratio = chosen / standard
        line.lift = interval(
            ratio - 1, zip(ofChosen, ofStandard).map { ratio * ($0 / chosen - $1 / standard) })
        return line
    }

    /// Persons as numbers, one for each trial.
    private static func personNumbers(_ trials: [BanditTrial]) -> (of: [Int], count: Int) {
        var numbers: [String: Int] = [:]
        let of = trials.map { trial in
            if let known = numbers[trial.decision.person] { return known }
            numbers[trial.decision.person] = numbers.count
            return numbers.count - 1
        }
        return (of, numbers.count)
    }
}
