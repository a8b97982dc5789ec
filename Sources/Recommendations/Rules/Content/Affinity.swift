import Foundation
package import Statistics

/// What an attribute of items does to an audience: whether it draws them, and whether it keeps them.
///
/// *Draws*: the share of a person's items that have it, averaged over persons, so that nobody counts more for doing
/// more; compared with everybody's. *Keeps*: of the items with it that the audience began, the share that they saw to
/// the end or bought, compared with everybody else's.
///
/// Many attributes are looked at together, so some would differ by chance. Which differ is decided by Benjamini and
/// Hochberg's rule (1995) at 5 %, and the intervals are as wide as Benjamini and Yekutieli (2005) ask, so that of those
/// picked out at most one in twenty misses the truth.
package struct AttributeAffinity: Sendable, Hashable {
    package var name: String
    package var value: String
    /// Items that have it.
    package var items: Int
    /// Persons of the audience with such an item.
    package var persons: Int
    /// The average share of a person's items, and everybody's.
    package var share: Double
    package var shareOfAll: Double
    /// The audience's share over everybody's; nil when it cannot be told.
    package var lift: Interval?
    /// Whether the lift is more than chance.
    package var draws: Bool
    /// Of items with it that the audience began, those it kept.
    package var kept: Double?
    package var keptOfAll: Double?
    package var keepLift: Interval?
    package var keeps: Bool
}

/// One attribute's sums over the persons of a group.
struct AffinitySums: Sendable {
    var persons = 0
    var share = 0.0
    var shareSquared = 0.0
    /// Items drawn with it (d) and kept (k).
    var d = 0.0, k = 0.0, dd = 0.0, kk = 0.0, dk = 0.0

    mutating func add(drawn: Int, kept: Int, of total: Int) {
        let part = Double(drawn) / Double(total)
        persons += 1
        share += part
        shareSquared += part * part
        d += Double(drawn)
        k += Double(kept)
        dd += Double(drawn * drawn)
        kk += Double(kept * kept)
        dk += Double(drawn * kept)
    }

    mutating func add(_ other: AffinitySums) {
        persons += other.persons
        share += other.share
        shareSquared += other.shareSquared
        d += other.d
        k += other.k
        dd += other.dd
        kk += other.kk
        dk += other.dk
    }

    /// The mean of the shares over `n` persons, and its variance.
    func mean(of n: Int) -> (mean: Double, variance: Double, n: Int) {
        guard n > 1 else { return (n == 1 ? share : 0, .infinity, n) }
        let mean = share / Double(n)
        return (mean, max(0, shareSquared / Double(n) - mean * mean) / Double(n - 1), n)
    }

    /// The share kept as a ratio of sums, with the variance that persons, not items, are independent (Cochran, 1977,
    /// 6.4).
    var ratio: (mean: Double, variance: Double, n: Int)? {
        guard d > 0, persons > 1 else { return nil }
        let r = k / d
        let spread = kk - 2 * r * dk + r * r * dd
        return (r, max(0, spread) / (d * d) * Double(persons) / Double(persons - 1), persons)
    }
}

enum Affinity {
    /// An audience smaller than this says nothing of itself.
    static let personsMin = 20
    /// Attributes that fewer persons of everybody had to do with are left out.
    static let metMin = 10
    static let level = 0.05

    /// - Parameter members: who is in the audience, by person; nil is everybody, who are compared with the rest of the
    ///   attributes instead.
    /// - Returns: by strength of the lift, those that are more than chance first.
    /// - Complexity: O(entries · attributes of an item)
    static func measure(_ tables: ContentTables, members: [Bool]) throws -> (persons: Int, rows: [AttributeAffinity]) {
        let inside = members.count { $0 }
        guard inside >= personsMin else {
            throw RecommendationError(
                .insufficient,
                "\(inside) of the audience had to do with an item: that is too few to say what draws them "
                    + "(\(personsMin) are needed)")
        }
        guard tables.persons.count - inside >= personsMin else {
            throw RecommendationError(
                .insufficient, "nearly everybody is in the audience, so there is nobody to compare it with")
        }
        let (ofMembers, ofOthers) = sums(tables, members)
        var rows: [AttributeAffinity] = []
        var tests: [(draw: Ratio?, keep: Ratio?)] = []
        let itemCounts = itemCounts(tables)
        for attribute in tables.attributes.indices {
            let (own, other) = (ofMembers[attribute], ofOthers[attribute])
            guard own.persons + other.persons >= metMin else { continue }
            var all = own
            all.add(other)
            let (n, rest) = (inside, tables.persons.count - inside)
            let (mine, theirs) = (own.mean(of: n), other.mean(of: rest))
            rows.append(
                AttributeAffinity(
                    name: tables.attributes[attribute].name, value: tables.attributes[attribute].value,
                    items: itemCounts[attribute], persons: own.persons, share: mine.mean,
                    shareOfAll: all.share / Double(n + rest), lift: nil, draws: false,
                    kept: own.ratio?.mean, keptOfAll: all.ratio?.mean, keepLift: nil, keeps: false))
            let weight = Double(n) / Double(n + rest)
            let keepWeight = all.d > 0 ? own.d / all.d : 0
            tests.append(
                (
                    Ratio(mine, theirs, weight: weight),
                    own.persons >= metMin && other.persons >= metMin
                        ? own.ratio.flatMap { mine in
                            other.ratio.flatMap { Ratio(mine, $0, weight: keepWeight) }
                        } : nil
                ))
        }
        let draws = FalseDiscovery.judge(tests.map { $0.draw?.pValue }, level: level)
        let keeps = FalseDiscovery.judge(tests.map { $0.keep?.pValue }, level: level)
        for row in rows.indices {
            rows[row].lift = tests[row].draw?.lift(confidence: draws.confidence)
            rows[row].draws = draws.isFound[row]
            rows[row].keepLift = tests[row].keep?.lift(confidence: keeps.confidence)
            rows[row].keeps = keeps.isFound[row]
        }
        rows.sort {
            $0.draws != $1.draws
                ? $0.draws
                : ($1.lift?.estimate ?? 0, $0.name, $0.value) < ($0.lift?.estimate ?? 0, $1.name, $1.value)
        }
        return (inside, rows)
    }

    static func itemCounts(_ tables: ContentTables) -> [Int] {
        var counts = [Int](repeating: 0, count: tables.attributes.count)
        for attributes in tables.attributesOfItem { for attribute in attributes { counts[Int(attribute)] += 1 } }
        return counts
    }

    /// Sums of members and of others, by attribute.
    static func sums(_ tables: ContentTables, _ members: [Bool]) -> ([AffinitySums], [AffinitySums]) {
        var sums = [[AffinitySums]](
            repeating: [AffinitySums](repeating: AffinitySums(), count: tables.attributes.count), count: 2)
        var drawn: [Int32: (drawn: Int, kept: Int)] = [:]
        for person in tables.persons.indices {
            drawn.removeAll(keepingCapacity: true)
            let entries = tables.entries(of: person)
            for entry in entries {
                for attribute in tables.attributesOfItem[Int(tables.entryItems[entry])] {
                    drawn[attribute, default: (0, 0)].drawn += 1
                    if tables.entryKept[entry] { drawn[attribute, default: (0, 0)].kept += 1 }
                }
            }
            let group = members[person] ? 0 : 1
            for (attribute, counts) in drawn {
                sums[group][Int(attribute)].add(drawn: counts.drawn, kept: counts.kept, of: entries.count)
            }
        }
        return (sums[0], sums[1])
    }

    /// The ratio of two independent means on the logarithm, and what it says of the ratio to both together.
    struct Ratio: Sendable {
        private let logRatio: Double
        private let error: Double
        private let weight: Double

        /// - Parameter weight: the first group's part of both.
        /// - Returns: nil when both are 0, or neither varies.
        init?(
            _ first: (mean: Double, variance: Double, n: Int), _ second: (mean: Double, variance: Double, n: Int),
            weight: Double
        ) {
            guard first.variance.isFinite, second.variance.isFinite, max(first.mean, second.mean) > 0 else {
                return nil
            }
            let (first, second) = (Self.known(first, beside: second), Self.known(second, beside: first))
            let variance = first.variance / (first.mean * first.mean) + second.variance / (second.mean * second.mean)
            guard variance > 0 else { return nil }
            logRatio = log(first.mean / second.mean)
            error = variance.squareRoot()
            self.weight = weight
        }

        /// Nobody of a group of `n` has it: as if one of them had one item in twenty, though not more than the others;
        /// as unsure as it is large.
        private static func known(
            _ group: (mean: Double, variance: Double, n: Int), beside other: (mean: Double, variance: Double, n: Int)
        ) -> (mean: Double, variance: Double) {
            guard group.mean <= 0 else { return (group.mean, group.variance) }
            let mean = min(other.mean, 0.05 / Double(max(1, group.n)))
            return (mean, mean * mean)
        }

        var pValue: Double { PValue.normalTwoSided(logRatio / error) }

        /// The first group's mean over that of both, which rises with its ratio to the second's.
        func lift(confidence: Double) -> Interval {
            let half = Proportion.criticalValue(confidence) * error
            func ofBoth(_ logRatio: Double) -> Double { 1 / (weight + (1 - weight) * exp(-logRatio)) }
            return Interval(estimate: ofBoth(logRatio), low: ofBoth(logRatio - half), high: ofBoth(logRatio + half))
        }
    }
}

/// Which of many tests found something.
enum FalseDiscovery {
    /// Benjamini and Hochberg's rule (1995), and the confidence of intervals that goes with what it found (Benjamini
    /// and Yekutieli, 2005): 1 - level · found / tests.
    static func judge(_ pValues: [Double?], level: Double) -> (isFound: [Bool], confidence: Double) {
        let sorted = pValues.compactMap(\.self).sorted()
        guard !sorted.isEmpty else { return (pValues.map { _ in false }, 1 - level) }
        let m = Double(sorted.count)
        let found = sorted.indices.last { sorted[$0] <= level * Double($0 + 1) / m }.map { $0 + 1 } ?? 0
        let bound = found > 0 ? sorted[found - 1] : -1
        return (pValues.map { $0.map { $0 <= bound } ?? false }, 1 - level * Double(max(found, 1)) / m)
    }
}
