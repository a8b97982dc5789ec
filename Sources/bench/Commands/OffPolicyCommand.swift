import ArgumentParser
import Foundation
import Recommendations
import Statistics

/// `bench off-policy`: what a policy of the Open Bandit Dataset would have brought, from the decisions of another.
struct OffPolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "off-policy", abstract: "Estimates Thompson sampling's value from decisions by chance.",
        discussion: """
            Reads decisions as `item place click propensity` a line, and what the other policy would have done: the beta \
            prior of each item as `item alpha beta`, from which its chances are integrated, or the chances themselves as \
            `place item chance`. Benchmarks/recommend/offpolicy.py makes all of them from obp's sample.
            """)

    @Option(help: "The decisions of the policy by chance.")
    var decisions: String
    @Option(help: "The beta prior of each item.")
    var priors: String?
    @Option(help: "The chance of each item at each place.")
    var chances: String?
    @Option(help: "Places of a list.")
    var places = 3

    private struct Report: Encodable {
        var decisions: Int
        var actual: Double
        var effectiveDecisions: Double
        /// By estimator: the value, its interval, and the value over the actual one.
        var estimates: [String: [Double]]
    }

    func run() throws {
        let chances = try target()
        let logged = try Self.rows(decisions).map { row in
            LoggedDecision(reward: row[2], propensity: row[3], target: chances[Int(row[1])][Int(row[0])])
        }
        let report = OffPolicyReport.make(logged)
        var estimates: [String: [Double]] = [:]
        for line in report.lines {
            estimates[line.estimator.name] = [
                line.value.estimate, line.value.low, line.value.high, line.value.estimate / report.actual,
            ]
        }
        try Measure.emit(
            Report(
                decisions: report.decisions, actual: report.actual, effectiveDecisions: report.effectiveDecisions,
                estimates: estimates))
    }

    /// By place and item.
    private func target() throws -> [[Double]] {
        if let chances {
            let rows = try Self.rows(chances)
            let items = Int(rows.map { $0[1] }.max() ?? 0) + 1
            var table = [[Double]](repeating: [Double](repeating: 0, count: items), count: places)
            for row in rows { table[Int(row[0])][Int(row[1])] = row[2] }
            return table
        }
        guard let priors else { throw ValidationError("either --priors or --chances is needed") }
        // The chance of each item to be drawn the largest, the second largest and so on.
        return RankChances.exact(try Self.rows(priors).map { BetaDistribution($0[1], $0[2]) }, places: places)
    }

    private static func rows(_ path: String) throws -> [[Double]] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
            line.split(separator: " ").map { Double($0) ?? .nan }
        }
    }
}

/// How likely each of several uncertain rates is the first, the second and so on by size.
enum RankChances {
    /// ∫ fᵢ(x) P(exactly k - 1 of the others exceed x) dx, with the number of those that exceed by adding one after
    /// another (a Poisson binomial).
    ///
    /// - Returns: by place, then by rate; each place's sum to 1.
    /// - Complexity: O(points × rates² × places)
    static func exact(_ rates: [BetaDistribution], places: Int, points: Int = 4_000) -> [[Double]] {
        var chances = [[Double]](repeating: [Double](repeating: 0, count: rates.count), count: places)
        // Where the largest rates have their mass; denser towards 0 where clicks are.
        let top = rates.map { $0.mean + 12 * $0.variance.squareRoot() }.max() ?? 1
        let grid = (0...points).map { min(1, top) * pow(Double($0) / Double(points), 2) }
        let below = rates.map { rate in grid.map(rate.cumulative) }
        for step in 1...points {
            let middle = below.map { ($0[step - 1] + $0[step]) / 2 }
            for rate in rates.indices {
                let mass = below[rate][step] - below[rate][step - 1]
                if mass < 1e-15 { continue }
                var exceeding = [Double](repeating: 0, count: places)
                exceeding[0] = 1
                for other in rates.indices where other != rate {
                    let above = 1 - middle[other]
                    for place in stride(from: places - 1, through: 0, by: -1) {
                        exceeding[place] =
                            exceeding[place] * (1 - above) + (place > 0 ? exceeding[place - 1] * above : 0)
                    }
                }
                for place in 0..<places { chances[place][rate] += mass * exceeding[place] }
            }
        }
        return chances.map { place in
            let sum = place.reduce(0, +)
            return place.map { $0 / sum }
        }
    }
}
